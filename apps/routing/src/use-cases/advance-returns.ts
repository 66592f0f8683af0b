import type { Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { PaymentCase } from '../domain/advance-payment';
import { advanceReturn } from '../domain/returns/advance-return';
import { createReturn, type ReturnedCredit } from '../domain/returns/returned-credit';
import type { PaymentInHand } from './payment-recorder';
import type { FactOfReturn } from './return-facts';
import { returnInHand, type ReturnHand } from './return-recorder';
import { ReturnRepository } from './return.repository';

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
    private readonly ids: IdSource,
  ) {}

  async fold(
    tx: Tx,
    facts: readonly FactOfReturn[],
    handOf: (paymentId: string) => PaymentInHand | null,
    now: Date,
  ): Promise<FoldedReturns> {
    if (facts.length === 0) return { hands: [], strangers: [] };
    const known = await this.returns.ofPayments(tx, [...new Set(facts.map(({ paymentId }) => paymentId))].sort());
    const hands = new Map<string, ReturnHand>();
    const strangers: PaymentCase[] = [];
    for (const told of facts) {
      const payment = handOf(told.paymentId);
      const returned = payment === null ? null : this.returnOf(told, payment, known, now);
      if (payment === null || returned === null) {
        strangers.push(caseOf(told, payment, now));
        continue;
      }
      const hand = hands.get(returned.id) ?? returnInHand(returned, payment);
      hands.set(returned.id, hand);
      advanceReturn(hand, told.fact, now);
    }
    return { hands: [...hands.values()], strangers };
  }

  /** The return that a fact is about; a new one where a payment's credit is known and the whole of it came back. */
  private returnOf(
    { returnId, creditId, amount }: FactOfReturn,
    { payment }: PaymentInHand,
    known: ReturnedCredit[],
    now: Date,
  ): ReturnedCredit | null {
    const found = known.find(({ id, order }) => id === returnId || (returnId === null && order.creditId === creditId));
    if (found !== undefined) return found;
    const { order, standing } = payment;
    const isWhole = amount?.equals(order.target) === true && standing.parts.credit === 'processed';
    if (returnId !== null || !isWhole) return null;
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
