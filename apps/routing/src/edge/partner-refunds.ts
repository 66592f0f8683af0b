import { Money } from '@gateway/money';
import { Database } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { Payment } from '../domain/payment';
import type { RefundRefusal } from '../domain/refund/check-refund';
import type { RefundBearer } from '../domain/refund/refund-rule';
import type { KeyedRequest } from '../outbound/idempotency.repository';
import { PaymentReader } from '../outbound/payment-reader';
import { RefundReader } from '../outbound/refund-reader';
import { RequestRefund } from '../use-cases/request-refund';
import { problem } from './problems';
import { refusedRefund } from './refused-refund';
import { viewOfRefund, viewOfRefundOrder } from './refund-view';

/** The body of `POST /v1/payments/{id}/refunds`. */
export interface RefundBody {
  /** On either side, told by its currency; absent for all that is left. */
  amount?: { amount: string; currency: string };
  reason?: string;
  reference?: string;
  /** Who bears a move of the rate, where the payment's refund rule is R4. */
  bearer?: RefundBearer;
}

/** Which refunds of a payment a partner wants to see. */
export interface RefundFilter {
  limit?: number;
  starting_after?: string;
}

const DEFAULT_LIMIT = 10;
/** The field that a refusal is about. */
const PARAMS: Readonly<Record<RefundRefusal, string>> = {
  PAYMENT_NOT_REFUNDABLE: 'id',
  REFUND_WINDOW_CLOSED: 'id',
  REFUND_EXCEEDS: 'amount.amount',
  AMOUNT_TOO_SMALL: 'amount.amount',
  UNKNOWN_CURRENCY: 'amount.currency',
  REFUND_WINDOW_OPEN: 'id',
  BEARER_MISSING: 'bearer',
  BEARER_NOT_CHOSEN: 'bearer',
  RETURN_NOT_ACTIONABLE: 'id',
  DISPUTE_OPEN: 'id',
  DISPUTE_LOST: 'id',
};

/** What partners do with refunds: ask for one, follow it, list those of a payment. */
@Injectable()
export class PartnerRefunds {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentReader,
    private readonly refunds: RefundReader,
    private readonly requestRefund: RequestRefund,
  ) {}

  /** @throws Problem `PAYMENT_NOT_FOUND` or a refusal of the refund */
  async create(request: KeyedRequest, paymentId: string, body: RefundBody): Promise<object> {
    const { partnerId, key, fingerprint } = request;
    const { amount, reason = null, reference = null, bearer } = body;
    const answered = await this.requestRefund.run({
      paymentId,
      partnerId,
      amount: amount === undefined ? null : Money.of(BigInt(amount.amount), amount.currency),
      reason,
      reference,
      requestedBy: `${key} ${fingerprint}`,
      ...(bearer === undefined ? {} : { bearer }),
    });
    if (answered.answer === 'unknown') throw problem('PAYMENT_NOT_FOUND', { param: 'id' });
    if (answered.answer === 'refused') throw refusedRefund(answered, PARAMS[answered.refusal]);
    return viewOfRefundOrder(answered.refund, answered.payment);
  }

  /** The refund with its steps; another partner's is not found. */
  async get(partnerId: string, id: string): Promise<object> {
    const refund = await this.refunds.find(this.database, id);
    if (refund?.order.partnerId !== partnerId) throw problem('REFUND_NOT_FOUND', { param: 'id' });
    const payment = await this.paymentOf(partnerId, refund.order.paymentId);
    const history = await this.payments.historyOf(this.database, payment.id);
    const steps = history.flatMap(({ changes }) =>
      changes.flatMap(({ refund: note, at, fact }) => (note?.refund_id === id ? [{ state: note.to, at, fact }] : [])),
    );
    return { ...viewOfRefund(refund, payment), history: steps };
  }

  async list(partnerId: string, paymentId: string, filter: RefundFilter): Promise<object> {
    const payment = await this.paymentOf(partnerId, paymentId);
    const limit = filter.limit ?? DEFAULT_LIMIT;
    const found = await this.refunds.page(this.database, paymentId, filter.starting_after ?? null, limit);
    const data = found.slice(0, limit).map((refund) => viewOfRefund(refund, payment));
    return { object: 'list', data, has_more: found.length > limit };
  }

  private async paymentOf(partnerId: string, id: string): Promise<Payment> {
    const payment = (await this.payments.find(this.database, [id])).get(id);
    if (payment?.order.partnerId !== partnerId) throw problem('PAYMENT_NOT_FOUND', { param: 'id' });
    return payment;
  }
}
