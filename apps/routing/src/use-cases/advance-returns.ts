import type { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { PaymentCase } from '../domain/advance-payment';
import { instructionIdOf } from '../domain/instruction';
import { refundableSides, refundedSides } from '../domain/refund/check-refund';
import type { Refund } from '../domain/refund/refund';
import { advanceReturn, reopenAfter } from '../domain/returns/advance-return';
import type { Payment } from '../domain/payment';
import { createReturn, type ReturnedCredit } from '../domain/returns/returned-credit';
import type { PaymentInHand } from './payment-recorder';
import type { FactOfReturn } from './return-facts';
import { RefundRepository } from './refund.repository';
import { returnInHand, type ReturnHand } from './return-recorder';
import { ReturnRepository } from './return.repository';

/** What the caller holds in this transaction. */
interface InHand {
  handOf: (paymentId: string) => PaymentInHand | null;
  /** As this batch's facts have left them: the return of one that was refused is open again. */
  refunds: readonly Refund[];
}

/** What a batch's facts did to returned credits; facts of unknown ones become cases. */
export interface FoldedReturns {
  hands: ReturnHand[];
  strangers: PaymentCase[];
}

/**
 * Folds a batch of facts into returned credits, whose payments the caller has locked and holds in hand. The first word
 * that a payment's credit came back makes its return; it is one, however often the network says so.
 */
@Injectable()
export class AdvanceReturns {
  constructor(
    private readonly returns: ReturnRepository,
    private readonly refunds: RefundRepository,
    private readonly ids: IdSource,
  ) {}

  async fold(tx: Tx, facts: readonly FactOfReturn[], { handOf, refunds }: InHand, now: Date): Promise<FoldedReturns> {
    const refused = refunds.filter(({ state, order }) => state === 'REFUSED' && order.returnId !== null);
    if (facts.length + refused.length === 0) return { hands: [], strangers: [] };
    const paymentIds = [...facts.map(({ paymentId }) => paymentId), ...refused.map(({ order }) => order.paymentId)];
    const known = await this.returns.ofPayments(tx, [...new Set(paymentIds)].sort());
    const strangers: PaymentCase[] = [];
    const hands = new Map<string, ReturnHand>();
    const take = (returned: ReturnedCredit, payment: PaymentInHand): ReturnHand => {
      const hand = hands.get(returned.id) ?? returnInHand(returned, payment);
      hands.set(returned.id, hand);
      return hand;
    };
    for (const told of facts) {
      const payment = handOf(told.paymentId);
      const returned = payment === null ? null : this.returnOf(told, payment, known, now);
      if (payment === null || returned === null) strangers.push(caseOf(told, payment, now));
      else await this.hear(tx, take(returned, payment), told, now);
    }
    for (const refund of refused) {
      const payment = handOf(refund.order.paymentId);
      const returned = known.find(({ id }) => id === refund.order.returnId);
      if (payment !== null && returned !== undefined) reopenAfter(take(returned, payment), refund, now);
    }
    return { hands: [...hands.values()], strangers };
  }

  /** Nobody can choose any more where the partner's balance has paid all of it back: what comes back late is the partner's. */
  private async hear(tx: Tx, hand: ReturnHand, { fact }: FactOfReturn, now: Date): Promise<void> {
    const isBack = advanceReturn(hand, fact, now) && hand.returned.state === 'RETURNED';
    if (isBack && (await this.isRefunded(tx, hand))) advanceReturn(hand, { name: 'refunded_before' }, now);
  }

  private async isRefunded(tx: Tx, { payment }: ReturnHand): Promise<boolean> {
    const refunds = await this.refunds.ofPayment(tx, payment.id);
    return refundedSides(payment, refunds).target.equals(refundableSides(payment).target);
  }

  /**
   * The return that a fact is about; a new one where the payment's credit is known and all or a part of it came back. One
   * credit makes one return: another amount than the one that is known stays with a person.
   */
  private returnOf(
    { returnId, creditId, amount }: FactOfReturn,
    { payment }: PaymentInHand,
    known: ReturnedCredit[],
    now: Date,
  ): ReturnedCredit | null {
    const found = known.find(({ id, order }) => id === returnId || (returnId === null && order.creditId === creditId));
    if (found !== undefined) return amount === null || amount.equals(found.order.amount) ? found : null;
    if (returnId !== null || amount === null || !isOfCredit(payment, creditId, amount)) return null;
    const { order } = payment;
    const returned = createReturn(this.ids.next('ret'), now, {
      paymentId: payment.id,
      partnerId: order.partnerId,
      partition: payment.partition,
      creditId,
      amount,
    });
    known.push(returned);
    return returned;
  }
}

/** Whether the payment's own credit was given, and the amount is of it. */
function isOfCredit(payment: Payment, creditId: string, amount: Money): boolean {
  const { target } = payment.order;
  const isGiven = payment.standing.parts.credit === 'processed' && creditId === instructionIdOf(payment, 'credit');
  return isGiven && amount.currency.code === target.currency.code && amount.isPositive && amount.compare(target) <= 0;
}

/** Nothing is guessed: what fits to no credit that we know as given stays with a person. */
function caseOf(
  { paymentId, creditId, amount, fact }: FactOfReturn,
  hand: PaymentInHand | null,
  at: Date,
): PaymentCase {
  return {
    paymentId,
    partnerId: hand?.payment.order.partnerId ?? null,
    kind: 'unknown_return',
    state: hand?.payment.state ?? null,
    fact: fact.name,
    instructionId: creditId,
    detail: { amount: amount?.toDigits() ?? null, reason: fact.reason ?? null, version: fact.version ?? null },
    at,
  };
}
