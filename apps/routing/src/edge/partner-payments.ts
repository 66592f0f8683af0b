import { Database } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { instructionIdOf } from '../domain/instruction';
import type { Payment } from '../domain/payment';
import type { PublicStatus } from '../domain/public-status';
import { refundedSides } from '../domain/refund/check-refund';
import type { Refund } from '../domain/refund/refund';
import { wayBackDeadlines } from '../domain/way-back-deadlines';
import { PaymentReader, type HistoryEntry } from '../outbound/payment-reader';
import { ReturnReader } from '../outbound/return-reader';
import { RefundReader } from '../outbound/refund-reader';
import { CancelPayment } from '../use-cases/cancel-payment';
import { DisputeReader } from '../outbound/dispute-reader';
import { viewOfMoney } from './amount-view';
import { disclosed } from './disclosure';
import { viewOfDispute } from './dispute-view';
import { viewOfPayment } from './payment-view';
import { viewOfReturn } from './return-view';
import { problem } from './problems';

/** Which payments a partner wants to see. */
export interface PaymentFilter {
  limit?: number;
  starting_after?: string;
  ending_before?: string;
  status?: PublicStatus;
  'created[gte]'?: string;
  'created[lte]'?: string;
  reference?: string;
}

const DEFAULT_LIMIT = 10;
/** Payments whose payee got the money, be it given back since. */
const CREDITED: ReadonlySet<Payment['state']> = new Set(['COMPLETED', 'CAPTURE_LOST']);
/** Payments whose payer's money was taken, be it given back since. */
const TAKEN: ReadonlySet<Payment['state']> = new Set(['COMPLETED', 'REVERSED']);

/** What partners ask about their payments: one, a page, and to cancel one. Another partner's payment is not found. */
@Injectable()
export class PartnerPayments {
  constructor(
    private readonly database: Database,
    private readonly reader: PaymentReader,
    private readonly refunds: RefundReader,
    private readonly returns: ReturnReader,
    private readonly disputes: DisputeReader,
    private readonly cancelPayment: CancelPayment,
    private readonly clock: Clock,
  ) {}

  async get(partnerId: string, id: string): Promise<object> {
    const payment = (await this.reader.find(this.database, [id])).get(id);
    if (payment?.order.partnerId !== partnerId) throw problem('PAYMENT_NOT_FOUND', { param: 'id' });
    const history = await this.reader.historyOf(this.database, id);
    const refunds = payment.state === 'COMPLETED' ? await this.refunds.all(this.database, id) : [];
    return {
      ...viewOfPayment(payment),
      ...viewOfWayBack(payment, this.clock.now()),
      ...(payment.state === 'COMPLETED' ? viewOfRefunded(payment, refunds) : {}),
      ...(CREDITED.has(payment.state) ? await this.returnsOf(payment) : {}),
      ...(TAKEN.has(payment.state) ? await this.disputesOf(id) : {}),
      legs: viewOfLegs(payment),
      history: viewOfHistory(disclosed(history)),
    };
  }

  /** The credits that came back; absent where, as nearly always, there are none. */
  private async returnsOf(payment: Payment): Promise<object> {
    const returns = await this.returns.all(this.database, payment.id);
    return returns.length === 0 ? {} : { returns: returns.map((one) => viewOfReturn(one, payment)) };
  }

  /** Likewise the disputes. */
  private async disputesOf(id: string): Promise<object> {
    const disputes = await this.disputes.all(this.database, id);
    return disputes.length === 0 ? {} : { disputes: disputes.map((one) => viewOfDispute(one, this.clock.now())) };
  }

  async list(partnerId: string, filter: PaymentFilter): Promise<object> {
    const { starting_after: startingAfter = null, ending_before: endingBefore = null } = filter;
    if (startingAfter !== null && endingBefore !== null) {
      throw problem('FIELD_INVALID', {
        param: 'ending_before',
        detail: 'Give starting_after or ending_before, not both.',
      });
    }
    const limit = filter.limit ?? DEFAULT_LIMIT;
    const found = await this.reader.page(this.database, {
      partnerId,
      limit,
      startingAfter,
      endingBefore,
      status: filter.status ?? null,
      createdFrom: dateOf(filter['created[gte]']),
      createdTo: dateOf(filter['created[lte]']),
      reference: filter.reference ?? null,
    });
    const page = found.slice(0, limit);
    if (endingBefore !== null) page.reverse();
    return { object: 'list', data: page.map((payment) => viewOfPayment(payment)), has_more: found.length > limit };
  }

  async cancel(partnerId: string, id: string): Promise<object> {
    const outcome = await this.cancelPayment.run(id, partnerId, `partner:${partnerId}`);
    if (outcome.answer === 'unknown') throw problem('PAYMENT_NOT_FOUND', { param: 'id' });
    if (outcome.answer === 'too_late') throw problem('PAYMENT_NOT_CANCELABLE', { param: 'id' });
    return viewOfPayment(outcome.payment);
  }
}

function dateOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}

/** The ways back that the payer's network still allows, each until when; a closed one is absent. */
function viewOfWayBack(payment: Payment, now: Date): object {
  const { voidableUntil, cancelableUntil, refundableUntil } = wayBackDeadlines(payment, now);
  return {
    ...(voidableUntil && { voidable_until: voidableUntil.toISOString() }),
    ...(cancelableUntil && { cancelable_until: cancelableUntil.toISOString() }),
    ...(refundableUntil && { refundable_until: refundableUntil.toISOString() }),
  };
}

/** What the refunds of a completed payment have taken so far, on both sides. */
function viewOfRefunded(payment: Payment, refunds: readonly Refund[]): object {
  const { source, target } = refundedSides(payment, refunds);
  return { refunded: { source_amount: viewOfMoney(source), target_amount: viewOfMoney(target) } };
}

/** The money steps that this payment has or may have, with the state of each. */
function viewOfLegs(payment: Payment): object[] {
  const { order, standing } = payment;
  const { source, credit, capture } = standing.parts;
  const legs = [
    { part: 'source' as const, operation: order.funding, network: order.sourceNetwork, status: source },
    { part: 'credit' as const, operation: 'credit', network: order.targetNetwork, status: credit },
    { part: 'capture' as const, operation: 'capture', network: order.sourceNetwork, status: capture },
  ];
  return legs
    .filter(({ status }) => status !== 'none')
    .map(({ part, ...leg }) => ({ id: instructionIdOf(payment, part), ...leg }));
}

function viewOfHistory(history: readonly HistoryEntry[]): object[] {
  return history.flatMap(({ changes }) => changes.map(({ to, at, fact }) => ({ state: to, at, fact })));
}
