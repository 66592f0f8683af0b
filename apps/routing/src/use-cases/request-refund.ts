import { OutboxTransactions, type Worked } from '@gateway/messaging';
import type { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { Clock, IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { Payment } from '../domain/payment';
import { advanceRefund } from '../domain/refund/advance-refund';
import {
  checkRefund,
  forbiddingDispute,
  leftToRefund,
  termsOfRefund,
  whatCameBack,
  type RefundRefusal,
} from '../domain/refund/check-refund';
import { createRefund, type Refund, type RefundOrder } from '../domain/refund/refund';
import type { RefundBearer, RefundTerms } from '../domain/refund/refund-rule';
import { turnIntoRefund } from '../domain/returns/advance-return';
import { leftOfReturn, type ReturnedCredit } from '../domain/returns/returned-credit';
import { actionsOf } from '../domain/returns/return-state';
import { DisputeRepository } from './dispute.repository';
import { refundRuleOf } from './offered-refund-rule';
import { inHand } from './payment-recorder';
import { PaymentRepository } from './payment.repository';
import { refundInHand, RefundRecorder } from './refund-recorder';
import { RefundRepository } from './refund.repository';
import { returnInHand, ReturnRecorder } from './return-recorder';
import { ReturnRepository } from './return.repository';

/** What a partner wants refunded. */
export interface RefundWish {
  paymentId: string;
  partnerId: string;
  /** On either side, told by its currency; null for all that is left. */
  amount: Money | null;
  reason: string | null;
  reference: string | null;
  /** Key and fingerprint of the request: a repeat finds the refund that it made. */
  requestedBy: string;
  /** The returned credit that it is to be funded by; absent where the partner's balance funds it. */
  returnId?: string;
  /** Who bears a move of the rate, where the payment's rule has each refund say so. */
  bearer?: RefundBearer;
  /** The person who approved a refund that the network does not take any more; absent where the partner asks. */
  approvedBy?: string;
}

/** `unknown`: the partner has no such payment. */
export type RefundAnswer =
  | { answer: 'requested'; refund: Refund; payment: Payment }
  | { answer: 'refused'; refusal: RefundRefusal; disputeId?: string; leftBesideTakenBack?: Money }
  | { answer: 'unknown' };

/** What is known in the transaction. */
interface Known {
  payment: Payment;
  refunds: readonly Refund[];
  returned: ReturnedCredit | null;
  now: Date;
}

/** The refund that the wish makes, or why there is none. */
function orderOf(wish: RefundWish, { payment, refunds, returned, now }: Known): RefundOrder | RefundRefusal {
  const terms = termsOf(payment, wish, returned);
  if (typeof terms === 'string') return terms;
  const byHand = wish.approvedBy !== undefined;
  const wanted = returned === null ? wish.amount : whatCameBack(payment, refunds, leftOfReturn(returned));
  const shares = checkRefund(payment, refunds, wanted, { now, byHand });
  if (typeof shares === 'string') return shares;
  const { partnerId, reason, reference, requestedBy } = wish;
  const { id: paymentId, partition } = payment;
  const actor = wish.approvedBy ?? `partner:${partnerId}`;
  const returnId = returned?.id ?? null;
  const subject = { paymentId, partnerId, partition, actor, reason, reference, requestedBy, returnId, byHand };
  return { ...subject, ...terms, ...shares };
}

/** A refund that people make after the window is at our cost where the rule has each refund say whose it is. */
function termsOf(payment: Payment, wish: RefundWish, returned: ReturnedCredit | null): RefundTerms | RefundRefusal {
  const rule = refundRuleOf(payment.order.offer);
  const byUs = rule === 'R4' && wish.approvedBy !== undefined ? 'gateway' : null;
  return termsOfRefund(rule, wish.bearer ?? byUs, returned !== null);
}

interface Begun {
  refund: Refund;
  payment: Payment;
  returned: ReturnedCredit | null;
}

/**
 * Makes a refund under the payment's row lock: both amounts are computed from what is left then, so that of two at once
 * the second sees the first. The payment stays COMPLETED; its sequence numbers the refund's event.
 */
@Injectable()
export class RequestRefund {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly recorder: RefundRecorder,
    private readonly returns: ReturnRepository,
    private readonly returnRecorder: ReturnRecorder,
    private readonly disputes: DisputeRepository,
    private readonly transactions: OutboxTransactions,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {}

  run(wish: RefundWish): Promise<RefundAnswer> {
    return this.transactions.run<RefundAnswer>((tx) => this.inTransaction(tx, wish));
  }

  /** The same inside a transaction that does more. */
  async inTransaction(tx: Tx, wish: RefundWish): Promise<Worked<RefundAnswer>> {
    const payment = (await this.payments.lock(tx, [wish.paymentId])).get(wish.paymentId);
    if (payment?.order.partnerId !== wish.partnerId) return nothing({ answer: 'unknown' });
    const refunds = await this.refunds.ofPayment(tx, payment.id);
    const same = refunds.find(({ order }) => order.requestedBy === wish.requestedBy);
    if (same !== undefined) return nothing({ answer: 'requested', refund: same, payment });
    const returned = await this.returnOf(tx, wish);
    if (returned === 'unknown') return nothing({ answer: 'unknown' });
    const forbidden = await this.forbiddenBy(tx, payment, returned);
    if (forbidden !== null) return nothing({ answer: 'refused', ...forbidden });
    const now = this.clock.now();
    const order = orderOf(wish, { payment, refunds, returned, now });
    if (typeof order === 'string') return nothing(refusedBecause(order, payment, refunds));
    const refund = createRefund(this.ids.next('rfd'), now, order);
    return this.begin(tx, { refund, payment, returned }, now);
  }

  private async returnOf(tx: Tx, { paymentId, returnId }: RefundWish): Promise<ReturnedCredit | null | 'unknown'> {
    if (returnId === undefined) return null;
    return (await this.returns.ofPayments(tx, [paymentId])).find(({ id }) => id === returnId) ?? 'unknown';
  }

  /** What of the payment's other objects forbids a refund: a return that does not wait for one, or a dispute. */
  private async forbiddenBy(
    tx: Tx,
    { id }: Payment,
    returned: ReturnedCredit | null,
  ): Promise<{ refusal: RefundRefusal; disputeId?: string } | null> {
    if (returned !== null && !actionsOf(returned.state).includes('refund')) return { refusal: 'RETURN_NOT_ACTIONABLE' };
    return forbiddingDispute(await this.disputes.ofPayments(tx, [id]));
  }

  private async begin(tx: Tx, { refund, payment, returned }: Begun, now: Date): Promise<Worked<RefundAnswer>> {
    await this.refunds.insert(tx, refund, now);
    const paymentHand = inHand(payment, refund.order.actor);
    const hand = { ...refundInHand(refund, paymentHand), statusBefore: null };
    const returns = returned === null ? [] : [returnInHand(returned, paymentHand)];
    for (const one of returns) turnIntoRefund(one, refund, now);
    advanceRefund(hand, { name: refund.order.rule === 'R3' ? 'refund_deferred' : 'refund_requested' }, now);
    const emit = await this.recorder.record(tx, [paymentHand], [hand], now);
    await this.returnRecorder.record(tx, returns, now);
    return { result: { answer: 'requested', refund, payment }, emit };
  }
}

/** What can still be refunded is told where the network has taken back a part: the partner's own refunds do not show it. */
function refusedBecause(refusal: RefundRefusal, payment: Payment, refunds: readonly Refund[]): RefundAnswer {
  const isBeside = refusal === 'REFUND_EXCEEDS' && payment.standing.takenBack !== undefined;
  return { answer: 'refused', refusal, ...(isBeside && { leftBesideTakenBack: leftToRefund(payment, refunds) }) };
}

function nothing(answer: RefundAnswer): Worked<RefundAnswer> {
  return { result: answer, emit: { records: [] } };
}
