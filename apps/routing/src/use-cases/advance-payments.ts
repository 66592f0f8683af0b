import { Injectable } from '@nestjs/common';
import type { Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { advance, type PaymentCase } from '../domain/advance-payment';
import { instructionIdOf } from '../domain/instruction';
import type { Payment } from '../domain/payment';
import type { OutcomeFact } from './facts-from-outcomes';
import { AdvanceRefunds } from './advance-refunds';
import { inHand, type PaymentInHand } from './payment-recorder';
import { PaymentRepository } from './payment.repository';
import type { FactOfRefund } from './refund-facts';
import { AdvanceReturns } from './advance-returns';
import { RefundRecorder } from './refund-recorder';
import type { FactOfReturn } from './return-facts';
import { ReturnRecorder } from './return-recorder';

/** A fact and the payment that it is about. */
export interface FactOfPayment {
  paymentId: string;
  fact: OutcomeFact;
}

/**
 * Takes a batch of facts: locks their payments in id order, folds each payment's facts and those of its refunds and returned
 * credits in memory in the order they came, and writes the result in one statement a table.
 */
@Injectable()
export class AdvancePayments {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly refunds: AdvanceRefunds,
    private readonly returns: AdvanceReturns,
    private readonly recorder: RefundRecorder,
    private readonly returnRecorder: ReturnRecorder,
    private readonly clock: Clock,
  ) {}

  async run(
    tx: Tx,
    facts: readonly FactOfPayment[],
    refundFacts: readonly FactOfRefund[] = [],
    returnFacts: readonly FactOfReturn[] = [],
  ): Promise<Emitted> {
    if (facts.length + refundFacts.length + returnFacts.length === 0) return { records: [] };
    const ids = [...new Set([...facts, ...refundFacts, ...returnFacts].map(({ paymentId }) => paymentId))].sort();
    const locked = await this.payments.lock(tx, ids);
    const now = this.clock.now();
    const hands = new Map<string, PaymentInHand>();
    const handOf = (paymentId: string): PaymentInHand | null => {
      const payment = locked.get(paymentId);
      if (payment === undefined) return null;
      const hand = hands.get(paymentId) ?? inHand(payment);
      hands.set(paymentId, hand);
      return hand;
    };
    const strangers: PaymentCase[] = [];
    for (const { paymentId, fact } of facts) {
      const hand = handOf(paymentId);
      if (hand === null) strangers.push(caseOfStranger(paymentId, fact, now));
      else takeIn(hand, fact, now);
    }
    const refunds = await this.refunds.fold(tx, refundFacts, handOf, now);
    const returns = await this.returns.fold(tx, returnFacts, handOf, now);
    await this.payments.openCases(tx, [...strangers, ...refunds.strangers, ...returns.strangers]);
    const emit = await this.recorder.record(tx, [...hands.values()], refunds.hands, now);
    const commands = await this.returnRecorder.record(tx, returns.hands, now);
    return { ...emit, records: [...emit.records, ...commands] };
  }
}

/** An answer to an instruction that is not, or no longer, the payment's current one changes nothing. */
function takeIn(hand: PaymentInHand, fact: OutcomeFact, now: Date): void {
  const { payment, journal } = hand;
  if (fact.instructionId === instructionIdOf(payment, fact.part)) {
    advance(payment, fact, now, journal);
    return;
  }
  if (wasEarlierAttempt(payment, fact)) return;
  journal.cases.push({
    ...caseOfStranger(payment.id, fact, now),
    partnerId: payment.order.partnerId,
    kind: 'unknown_instruction',
    state: payment.state,
  });
  journal.touched = true;
}

/** Reservations and releases are numbered from the second one on: a lower number has been answered before. */
function wasEarlierAttempt(payment: Payment, fact: OutcomeFact): boolean {
  const current = instructionIdOf(payment, fact.part);
  const first = instructionIdOf(
    { ...payment, standing: { ...payment.standing, reservationAttempt: 1, releaseAttempt: 1 } },
    fact.part,
  );
  const earlier = fact.instructionId === first || fact.instructionId.startsWith(`${first}-`);
  return current !== first && earlier;
}

function caseOfStranger(paymentId: string, fact: OutcomeFact, at: Date): PaymentCase {
  return {
    paymentId,
    partnerId: null,
    kind: 'unknown_payment',
    state: null,
    fact: fact.name,
    instructionId: fact.instructionId,
    detail: { reason: fact.reason ?? null, amount: fact.amount?.toDigits() ?? null, version: fact.version },
    at,
  };
}
