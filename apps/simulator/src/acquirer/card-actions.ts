import { Injectable } from '@nestjs/common';
import { IdSource } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import type { Execution } from '../faults/desk';
import { NORMAL_NOTIFY } from '../faults/fault';
import { jsonAnswer, type Answer } from '../faults/reaction';
import { BooksStore, type Sign } from '../outbound/books.store';
import { CardPaymentsStore } from '../outbound/card-payments.store';
import { AcquirerWebhooks } from './acquirer-webhooks';
import { invalid, notAllowed, notFound } from './acquirer-errors';
import { maskedCard } from './card';
import {
  refundable,
  remaining,
  statusOf,
  type CardAction,
  type CardActionType,
  type CardPayment,
} from './card-payment';

/** Capture, void, refund, reversal of one payment. */
export interface ActionRequest {
  readonly paymentId: string;
  readonly kind: 'capture' | 'void' | 'refund' | 'reverse';
  /** Minor units; absent is all that is left. */
  readonly amount?: bigint;
  /** Our request id. */
  readonly reference?: string;
}

interface Deed {
  readonly type: CardActionType;
  readonly operation: 'capture' | 'void' | 'refund';
  readonly sign: Sign;
  readonly webhook: string;
  readonly available: (payment: CardPayment) => bigint;
  readonly apply: (payment: CardPayment, amount: bigint) => CardPayment;
}

const CAPTURE: Deed = {
  type: 'Capture',
  operation: 'capture',
  sign: -1,
  webhook: 'payment_capture',
  available: remaining,
  apply: (payment, amount) => ({ ...payment, captured: payment.captured + amount }),
};
const VOID: Deed = {
  type: 'Void',
  operation: 'void',
  sign: 0,
  webhook: 'payment_void',
  available: (payment) => (payment.captured === 0n ? remaining(payment) : 0n),
  apply: (payment, amount) => ({ ...payment, voided: payment.voided + amount }),
};
const REFUND: Deed = {
  type: 'Refund',
  operation: 'refund',
  sign: 1,
  webhook: 'payment_refund',
  available: refundable,
  apply: (payment, amount) => ({ ...payment, refunded: payment.refunded + amount }),
};
const PAST_TENSE: Record<string, string> = {
  payment_capture: 'payment_captured',
  payment_void: 'payment_voided',
  payment_refund: 'payment_refunded',
};
const DEFAULT_DECLINE = '20005';
const APPROVED = '10000';

/** Acts on payments that exist; each request is answered 202, as the acquirer takes it for processing. */
@Injectable()
export class CardActions {
  constructor(
    private readonly payments: CardPaymentsStore,
    private readonly books: BooksStore,
    private readonly webhooks: AcquirerWebhooks,
    private readonly ids: IdSource,
  ) {}

  async act(tx: Tx, request: ActionRequest, execution: Execution): Promise<Answer> {
    const locked = await this.payments.lock(tx, request.paymentId);
    if (!locked) return notFound();
    const payment = await this.lapse(tx, locked, execution.now);
    const deed = deedFor(request.kind, payment);
    const available = deed.available(payment);
    if (payment.status === 'Expired' || available === 0n) return notAllowed(`${deed.operation}_not_allowed`);
    const amount = request.amount ?? available;
    if (amount > available) return invalid(`${deed.operation}_value_greater_than_remaining`);
    const action = this.newAction(payment, deed, amount, request, execution);
    await this.payments.addAction(tx, action);
    if (action.approved) await this.execute(tx, payment, deed, action, execution);
    else await this.webhooks.tell(tx, `${deed.webhook}_declined`, withNotify(payment, execution), action);
    return jsonAnswer(202, {
      action_id: action.id,
      ...(action.reference !== null && { reference: action.reference }),
      ...(request.kind === 'reverse' && { action_type: deed.operation }),
      _links: { payment: { href: `/payments/${payment.id}` } },
    });
  }

  /** A hold whose validity is over is gone, whoever looks first. */
  async lapse(tx: Tx, payment: CardPayment, now: Date): Promise<CardPayment> {
    const over = payment.hold_expires_at !== null && payment.hold_expires_at <= now;
    if (payment.status !== 'Authorized' || !over) return payment;
    const expired: CardPayment = { ...payment, status: 'Expired', voided: payment.authorised };
    const action = this.actionRow(payment, 'Expiry', payment.authorised, null, APPROVED, now);
    await this.payments.update(tx, expired);
    await this.payments.addAction(tx, action);
    await this.move(tx, expired, 'expire', 0, action);
    await this.webhooks.tell(tx, 'payment_expired', expired, action);
    return expired;
  }

  /** A payout that was credited comes back, all or a part of it (control API): days later, by the receiving bank. */
  async returnPayout(tx: Tx, paymentId: string, part: bigint | null, now: Date): Promise<boolean> {
    const payment = await this.payments.lock(tx, paymentId);
    if (payment?.status !== 'Paid' || (part !== null && part > payment.captured)) return false;
    const amount = part ?? payment.captured;
    const returned: CardPayment = { ...payment, status: 'Returned', returned: amount };
    const action = this.actionRow(payment, 'Return', amount, payment.reference, APPROVED, now);
    await this.payments.update(tx, returned);
    await this.payments.addAction(tx, action);
    await this.move(tx, returned, 'return', -1, action, true);
    await this.webhooks.tell(tx, 'payment_returned', returned, action);
    return true;
  }

  /**
   * The acquirer takes back by itself what it has approved: a hold is void, what was taken goes back to the cardholder, all
   * that is left or a part of it, a payout comes back. Nobody asked for it, so the action has no reference of ours.
   */
  async takeBack(tx: Tx, paymentId: string, part: bigint | null, now: Date): Promise<boolean> {
    const payment = await this.payments.lock(tx, paymentId);
    if (payment === undefined) return false;
    if (payment.status === 'Paid') return this.returnPayout(tx, paymentId, part, now);
    const deed = payment.captured > 0n ? REFUND : VOID;
    const available = deed.available(payment);
    const amount = part ?? available;
    if (payment.status === 'Expired' || available === 0n || amount > available) return false;
    const action = this.actionRow(payment, deed.type, amount, null, APPROVED, now);
    await this.payments.addAction(tx, action);
    await this.execute(tx, payment, deed, action, { notify: NORMAL_NOTIFY }, true);
    return true;
  }

  private async execute(
    tx: Tx,
    payment: CardPayment,
    deed: Deed,
    action: CardAction,
    execution: Pick<Execution, 'notify'>,
    takenBack = false,
  ): Promise<void> {
    const changed = deed.apply(payment, action.amount);
    const updated = { ...changed, status: statusOf(changed) };
    await this.payments.update(tx, updated);
    await this.move(tx, updated, deed.operation, deed.sign, action, takenBack);
    await this.webhooks.tell(tx, PAST_TENSE[deed.webhook] ?? deed.webhook, withNotify(updated, execution), action);
  }

  private newAction(
    payment: CardPayment,
    deed: Deed,
    amount: bigint,
    request: ActionRequest,
    execution: Execution,
  ): CardAction {
    const code = execution.decline ? (execution.decline.code ?? DEFAULT_DECLINE) : APPROVED;
    return this.actionRow(payment, deed.type, amount, request.reference ?? null, code, execution.now);
  }

  private actionRow(
    payment: CardPayment,
    type: CardActionType,
    amount: bigint,
    reference: string | null,
    code: string,
    now: Date,
  ): CardAction {
    return {
      id: this.ids.next('act').toLowerCase(),
      payment_id: payment.id,
      type,
      amount,
      approved: code === APPROVED,
      response_code: code,
      reference,
      processed_at: now,
    };
  }

  private async move(
    tx: Tx,
    payment: CardPayment,
    operation: string,
    sign: Sign,
    action: CardAction,
    takenBack = false,
  ): Promise<void> {
    await this.books.record(tx, {
      network: 'acquirer',
      operation,
      reference: action.reference ?? payment.reference,
      networkReference: payment.id,
      amount: action.amount,
      currency: payment.currency,
      sign,
      account: maskedCard(payment.card),
      at: action.processed_at,
      takenBack,
    });
  }
}

/** A reversal is a void while nothing is captured, else a refund. */
function deedFor(kind: ActionRequest['kind'], payment: CardPayment): Deed {
  if (kind === 'capture') return CAPTURE;
  if (kind === 'void') return VOID;
  if (kind === 'refund') return REFUND;
  return payment.captured === 0n ? VOID : REFUND;
}

function withNotify(payment: CardPayment, execution: Pick<Execution, 'notify'>): CardPayment {
  return { ...payment, plan: { ...payment.plan, notify: execution.notify } };
}
