import type { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { PaymentCase } from '../domain/advance-payment';
import { instructionIdOf } from '../domain/instruction';
import { isPaidBack } from '../domain/refund/check-refund';
import type { Refund } from '../domain/refund/refund';
import { tookNothing } from '../domain/refund/refund-state';
import { advanceReturn, reopenAfter } from '../domain/returns/advance-return';
import type { Payment } from '../domain/payment';
import { awaitsChoice } from '../domain/returns/return-state';
import { createReturn, type ReturnedCredit } from '../domain/returns/returned-credit';
import type { PaymentInHand } from './payment-recorder';
import type { FactOfReturn } from './return-facts';
import { RefundRepository } from './refund.repository';
import { returnInHand, type ReturnHand } from './return-recorder';
import { ReturnRepository } from './return.repository';

/** What the caller holds in this transaction. */
interface InHand {
  handOf: (paymentId: string) => PaymentInHand | null;
  /**
   * As this batch's facts have left them, not written yet: the return of one that was refused or withdrawn is open again, and once all is
   * paid back there is nothing to choose any more.
   */
  refunds: readonly Refund[];
}

/** What hearing a batch's facts works with. */
interface Hearing {
  handOf: InHand['handOf'];
  known: ReturnedCredit[];
  take: (returned: ReturnedCredit) => ReturnHand | null;
}

function isRefusedOfReturn({ state, order }: Refund): boolean {
  return tookNothing(state) && order.returnId !== null;
}

/** The balance's money for it has been set aside: it is sent, or with people who pay it. */
function isJustFunded({ state, order }: Refund): boolean {
  return (state === 'SENDING' || state === 'OWED') && order.returnId === null;
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
    const refused = refunds.filter(isRefusedOfReturn);
    const touched = [...refused, ...refunds.filter(isJustFunded)].map(({ order }) => order.paymentId);
    if (facts.length + touched.length === 0) return { hands: [], strangers: [] };
    const paymentIds = [...new Set([...facts.map(({ paymentId }) => paymentId), ...touched])].sort();
    const known = await this.returns.ofPayments(tx, paymentIds);
    const hands = new Map<string, ReturnHand>();
    /** Null where its payment is not in hand. */
    const take = (returned: ReturnedCredit): ReturnHand | null => {
      const payment = handOf(returned.order.paymentId);
      const hand = hands.get(returned.id) ?? (payment === null ? null : returnInHand(returned, payment));
      if (hand !== null) hands.set(returned.id, hand);
      return hand;
    };
    const strangers = this.hear(facts, { handOf, known, take }, now);
    for (const refund of refused) {
      const hand = known.filter(({ id }) => id === refund.order.returnId).map(take)[0];
      if (hand) reopenAfter(hand, refund, now);
    }
    await this.closePaidBack(tx, known.filter(({ state }) => awaitsChoice(state)).map(take), refunds, now);
    return { hands: [...hands.values()], strangers };
  }

  /** Answers with cases of what fits to nothing that is known. */
  private hear(facts: readonly FactOfReturn[], { handOf, known, take }: Hearing, now: Date): PaymentCase[] {
    return facts.flatMap((told) => {
      const payment = handOf(told.paymentId);
      const returned = payment === null ? null : this.returnOf(told, payment, known, now);
      const hand = returned === null ? null : take(returned);
      if (hand === null) return [caseOf(told, payment, now)];
      advanceReturn(hand, told.fact, now);
      return [];
    });
  }

  /** Nobody can choose any more where the partner's balance has paid all of it back: what came back is the partner's. */
  private async closePaidBack(
    tx: Tx,
    hands: readonly (ReturnHand | null)[],
    folded: readonly Refund[],
    now: Date,
  ): Promise<void> {
    for (const hand of hands) {
      const stored = hand === null ? [] : await this.refunds.ofPayment(tx, hand.payment.id);
      const refunds = stored.map((one) => folded.find(({ id }) => id === one.id) ?? one);
      if (hand !== null && isPaidBack(hand.payment, refunds)) advanceReturn(hand, { name: 'refunded_before' }, now);
    }
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
