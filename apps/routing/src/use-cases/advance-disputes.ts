import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { PaymentCase } from '../domain/advance-payment';
import { advanceDispute, giveEvidence, noteDeadline } from '../domain/disputes/advance-dispute';
import { answerIdOf, createDispute, type Dispute } from '../domain/disputes/dispute';
import { isFinalDispute } from '../domain/disputes/dispute-state';
import { ownEvidence } from '../domain/disputes/own-evidence';
import { openCasesOfRefunds } from '../domain/disputes/refund-and-dispute';
import type { Payment } from '../domain/payment';
import type { Refund } from '../domain/refund/refund';
import { isTold, type AnswerToDispute, type FactOfDispute, type ToldDispute } from './dispute-facts';
import { disputeInHand, type DisputeHand } from './dispute-recorder';
import { DisputeRepository } from './dispute.repository';
import type { PaymentInHand } from './payment-recorder';
import { RefundRepository } from './refund.repository';

/** What a batch's facts did to disputes; facts of unknown ones become cases. */
export interface FoldedDisputes {
  hands: DisputeHand[];
  strangers: PaymentCase[];
}

/** What the caller holds in this transaction. */
interface InHand {
  handOf: (paymentId: string) => PaymentInHand | null;
  /** As this batch's facts have left them: they are written after the disputes have been told. */
  refunds: readonly Refund[];
}

/** Where the payer's money was taken, whatever became of it since: only that can be disputed. */
const TAKEN: ReadonlySet<Payment['standing']['parts']['source']> = new Set([
  'funded',
  'returning',
  'returned',
  'taken_back',
]);

/**
 * Folds a batch of facts into disputes, whose payments the caller has locked and holds in hand. The first word of a
 * dispute makes it, and is answered at once where the gateway itself knows what to say.
 */
@Injectable()
export class AdvanceDisputes {
  constructor(
    private readonly disputes: DisputeRepository,
    private readonly refunds: RefundRepository,
    private readonly ids: IdSource,
  ) {}

  async fold(tx: Tx, facts: readonly FactOfDispute[], { handOf, refunds }: InHand, now: Date): Promise<FoldedDisputes> {
    if (facts.length === 0) return { hands: [], strangers: [] };
    const known = await this.disputes.ofPayments(tx, [...new Set(facts.map(({ paymentId }) => paymentId))].sort());
    const hands = new Map<string, DisputeHand>();
    const strangers: PaymentCase[] = [];
    for (const fact of facts) {
      const payment = handOf(fact.paymentId);
      const dispute = payment === null ? null : await this.disputeOf(tx, fact, payment, known, now);
      if (payment === null || dispute === null) {
        strangers.push(caseOf(fact, payment, now));
        continue;
      }
      const hand = hands.get(dispute.id) ?? disputeInHand(dispute, payment);
      hands.set(dispute.id, hand);
      if (isTold(fact)) await this.hear(tx, hand, fact, refunds, now);
      else if (fact.instructionId === answerIdOf(dispute)) advanceDispute(hand, fact.fact, now);
    }
    return { hands: [...hands.values()], strangers };
  }

  private async disputeOf(
    tx: Tx,
    fact: FactOfDispute,
    hand: PaymentInHand,
    known: Dispute[],
    now: Date,
  ): Promise<Dispute | null> {
    if (!isTold(fact)) return known.find(({ id }) => id === fact.disputeId) ?? null;
    const { network_reference: reference } = fact.told;
    const found = known.find(({ order }) => order.networkReference === reference);
    if (found !== undefined) return found;
    const dispute = await this.newDispute(tx, fact, hand, known, now);
    if (dispute !== null) known.push(dispute);
    return dispute;
  }

  /** Null where it does not fit to what was taken: nothing is guessed. */
  private async newDispute(
    tx: Tx,
    { told, authentication }: ToldDispute,
    { payment }: PaymentInHand,
    known: readonly Dispute[],
    now: Date,
  ): Promise<Dispute | null> {
    const { order, standing } = payment;
    const amount = Money.of(BigInt(told.amount.amount), told.amount.currency);
    if (!TAKEN.has(standing.parts.source) || amount.currency.code !== order.totalSource.currency.code) return null;
    const others = known.filter((one) => one.order.paymentId === payment.id);
    const disputed = others.reduce((sum, one) => sum.plus(one.order.amount), amount);
    if (!amount.isPositive || disputed.compare(order.totalSource) > 0) return null;
    return createDispute(this.ids.next('dsp'), now, {
      paymentId: payment.id,
      partnerId: order.partnerId,
      partition: payment.partition,
      networkReference: told.network_reference,
      amount,
      fee: told.fee === undefined ? null : Money.of(BigInt(told.fee.amount), told.fee.currency),
      category: told.category,
      reasonCode: told.reason_code,
      receivedAt: new Date(told.received_at),
      liability: await this.disputes.liabilityOf(tx, order.partnerId, told.category, payment.createdAt),
      authentication,
    });
  }

  /** What was opened unheard is opened first, so that its money is booked out before it is booked back or lost. */
  private async hear(
    tx: Tx,
    hand: DisputeHand,
    fact: ToldDispute,
    folded: readonly Refund[],
    now: Date,
  ): Promise<void> {
    const { told, version } = fact;
    const otherwise = otherThanKnown(hand.dispute, told);
    if (otherwise !== null) {
      advanceDispute(hand, { name: 'told_otherwise', part: 'network', version, detail: otherwise }, now);
      return;
    }
    noteDeadline(hand, told.evidence_due_by ?? null);
    const isNew = advanceDispute(hand, { name: 'opened', part: 'opened', version }, now);
    const hasGoneOn =
      told.status !== 'open' && advanceDispute(hand, { name: told.status, part: 'network', version }, now);
    if (!isNew && !hasGoneOn) return;
    const stored = await this.refunds.ofPayment(tx, hand.payment.id);
    const refunds = stored.map((one) => folded.find(({ id }) => id === one.id) ?? one);
    if (told.status === 'open') answerByOurselves(hand, refunds, now);
    openCasesOfRefunds(hand, refunds, now);
  }
}

/** What the network says of a dispute that cannot be true beside what it said before; null where it fits. */
function otherThanKnown({ state, order }: Dispute, { status, amount }: NetworkDispute): Record<string, string> | null {
  const isOther = amount.amount !== order.amount.toDigits() || amount.currency !== order.amount.currency.code;
  if (!isOther && !(status === 'open' && isFinalDispute(state))) return null;
  return { told: status, told_amount: amount.amount, told_currency: amount.currency };
}

function answerByOurselves(hand: DisputeHand, refunds: readonly Refund[], now: Date): void {
  const evidence = ownEvidence(hand.dispute, hand.payment, refunds);
  if (evidence !== null) giveEvidence(hand, { evidence, answeredBy: 'gateway', requestedBy: null }, now);
}

function caseOf(fact: FactOfDispute, hand: PaymentInHand | null, at: Date): PaymentCase {
  return {
    paymentId: fact.paymentId,
    partnerId: hand?.payment.order.partnerId ?? null,
    kind: 'unknown_dispute',
    state: hand?.payment.state ?? null,
    ...(isTold(fact) ? strangerTold(fact) : strangerAnswer(fact)),
    at,
  };
}

function strangerTold({
  told,
  sourceId,
  version,
}: ToldDispute): Pick<PaymentCase, 'fact' | 'instructionId' | 'detail'> {
  const { network_reference: reference, status, amount } = told;
  return {
    fact: `dispute_${status}`,
    instructionId: sourceId,
    detail: { reference, amount: amount.amount, currency: amount.currency, version },
  };
}

function strangerAnswer(fact: AnswerToDispute): Pick<PaymentCase, 'fact' | 'instructionId' | 'detail'> {
  const { name, version = null } = fact.fact;
  return { fact: `dispute_${name}`, instructionId: fact.instructionId, detail: { dispute: fact.disputeId, version } };
}
