import { Injectable } from '@nestjs/common';
import type { Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Clock } from '@gateway/platform';
import { advance, type PaymentCase } from '../domain/advance-payment';
import { instructionIdOf } from '../domain/instruction';
import type { Payment } from '../domain/payment';
import type { Fact } from '../domain/payment-fact';
import type { OutcomeFact } from './facts-from-outcomes';
import { AdvanceDisputes } from './advance-disputes';
import { AdvanceRefunds } from './advance-refunds';
import type { FactOfDispute } from './dispute-facts';
import { DisputeRecorder } from './dispute-recorder';
import { inHand, type PaymentInHand } from './payment-recorder';
import { PaymentRepository } from './payment.repository';
import type { FactOfRefund } from './refund-facts';
import { AdvanceReturns } from './advance-returns';
import { RefundRecorder } from './refund-recorder';
import type { FactOfReturn } from './return-facts';
import { ReturnRecorder } from './return-recorder';
import { WithdrawOwedRefunds } from './withdraw-owed-refunds';

/** A fact and the payment that it is about. */
export interface FactOfPayment {
  paymentId: string;
  fact: OutcomeFact;
  /** What the same outcome tells beside it: a part was taken back since, a notification says the opposite. */
  besides?: readonly Fact[];
}

/** A batch's facts about payments, and about what belongs to them. */
export interface FactsOfBatch {
  payments: readonly FactOfPayment[];
  refunds: readonly FactOfRefund[];
  returns: readonly FactOfReturn[];
  disputes: readonly FactOfDispute[];
}

/** How facts about the objects of payments are folded into them. */
@Injectable()
export class ObjectFolds {
  constructor(
    readonly refunds: AdvanceRefunds,
    readonly returns: AdvanceReturns,
    readonly disputes: AdvanceDisputes,
    readonly owed: WithdrawOwedRefunds,
  ) {}
}

/** What is written of the objects of payments; a refund's recorder writes its payment, too. */
@Injectable()
export class ObjectRecorders {
  constructor(
    readonly refunds: RefundRecorder,
    readonly returns: ReturnRecorder,
    readonly disputes: DisputeRecorder,
  ) {}
}

/**
 * Takes a batch of facts: locks their payments in id order, folds each payment's facts and those of its refunds, returned
 * credits and disputes in memory in the order they came, and writes the result in one statement a table.
 */
@Injectable()
export class AdvancePayments {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly folds: ObjectFolds,
    private readonly recorders: ObjectRecorders,
    private readonly clock: Clock,
  ) {}

  async run(tx: Tx, facts: FactsOfBatch): Promise<Emitted> {
    const about = Object.values(facts).flat() as { paymentId: string }[];
    if (about.length === 0) return { records: [] };
    const ids = [...new Set(about.map(({ paymentId }) => paymentId))].sort();
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
    for (const { paymentId, fact, besides } of facts.payments) {
      const hand = handOf(paymentId);
      if (hand === null) strangers.push(caseOfStranger(paymentId, fact, now));
      else takeIn(hand, fact, now, besides);
    }
    const refunds = await this.folds.refunds.fold(tx, facts.refunds, handOf, now);
    const told = refunds.hands.map(({ refund }) => refund);
    const disputes = await this.folds.disputes.fold(tx, facts.disputes, { handOf, refunds: told }, now);
    const inHands = { payments: [...hands.values()], refunds: refunds.hands, disputes: disputes.hands };
    const refundHands = [...refunds.hands, ...(await this.folds.owed.fold(tx, inHands, now))];
    const folded = refundHands.map(({ refund }) => refund);
    const returns = await this.folds.returns.fold(tx, facts.returns, { handOf, refunds: folded }, now);
    const unplaced = [...strangers, ...refunds.strangers, ...returns.strangers, ...disputes.strangers];
    await this.payments.openCases(tx, unplaced);
    const emit = await this.recorders.refunds.record(tx, [...hands.values()], refundHands, now);
    const corrections = await this.recorders.returns.record(tx, returns.hands, now);
    const answers = await this.recorders.disputes.record(tx, disputes.hands, now);
    return { ...emit, records: [...emit.records, ...corrections, ...answers] };
  }
}

/** An answer to an instruction that is not, or no longer, the payment's current one changes nothing. */
function takeIn(hand: PaymentInHand, fact: OutcomeFact, now: Date, besides: readonly Fact[] = []): void {
  const { payment, journal } = hand;
  if (fact.instructionId === instructionIdOf(payment, fact.part)) {
    const isNews = fact.version > (payment.standing.versions[fact.part] ?? 0);
    advance(payment, fact, now, journal);
    if (isNews) for (const beside of besides) advance(payment, beside, now, journal);
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
