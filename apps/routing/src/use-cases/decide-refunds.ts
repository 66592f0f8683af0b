import { OutboxTransactions, type AuditEntry, type Emitted, type Worked } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Clock, IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { Payment } from '../domain/payment';
import { advanceRefund } from '../domain/refund/advance-refund';
import { forbiddenNow, type RefundRefusal } from '../domain/refund/check-refund';
import { MOST_ATTEMPTS_ELSEWHERE, type Refund } from '../domain/refund/refund';
import type { RefundFact } from '../domain/refund/refund-fact';
import { DisputeRepository } from './dispute.repository';
import { inHand } from './payment-recorder';
import { PaymentRepository } from './payment.repository';
import { RefundDecisionRepository, type RefundDecision, type RefundDecisionWish } from './refund-decision.repository';
import { refundInHand, RefundRecorder } from './refund-recorder';
import { RefundRepository } from './refund.repository';
import { RequestRefund } from './request-refund';

/** What is sent to another instrument starts within this time, or never. */
const STARTS_WITHIN_MS = 3_600_000;

/** Why nothing was asked for or decided. `not_owed`: the refund does not wait for people. */
export type DecisionRefusal = 'unknown' | 'not_owed' | 'asked_before' | 'same_person' | RefundRefusal;

type Answer = RefundDecision | DecisionRefusal;

/**
 * What people do about refunds that no network pays (domain: another instrument, and refunds after the window): one named
 * person asks with a reason, another one decides, and only then anything moves.
 */
@Injectable()
export class DecideRefunds {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly decisions: RefundDecisionRepository,
    private readonly disputes: DisputeRepository,
    private readonly recorder: RefundRecorder,
    private readonly requestRefund: RequestRefund,
    private readonly transactions: OutboxTransactions,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {}

  request(wish: RefundDecisionWish): Promise<Answer> {
    return this.transactions.run<Answer>(async (tx) => {
      const payment = (await this.payments.lock(tx, [wish.paymentId])).get(wish.paymentId);
      if (payment === undefined) return nothing('unknown');
      if (wish.refundId !== null) {
        const refund = (await this.refunds.lock(tx, [wish.refundId])).get(wish.refundId);
        if (refund?.order.paymentId !== payment.id) return nothing('unknown');
        if (!mayGoElsewhere(refund)) return nothing('not_owed');
      }
      const decision = await this.decisions.insert(tx, this.ids.next('rfx'), wish, this.clock.now());
      if (decision === null) return nothing('asked_before');
      return { result: decision, emit: { records: [], audit: [auditOf(payment, decision, wish.requestedBy)] } };
    });
  }

  /** Deciding again changes nothing. */
  decide(decisionId: string, verdict: 'approved' | 'rejected', decidedBy: string): Promise<Answer> {
    return this.transactions.run<Answer>(async (tx) => {
      const paymentId = (await this.decisions.find(tx, decisionId))?.paymentId ?? '';
      const payment = (await this.payments.lock(tx, [paymentId])).get(paymentId);
      const asked = await this.decisions.lock(tx, decisionId);
      if (asked === null || payment === undefined) return nothing('unknown');
      if (asked.requestedBy === decidedBy) return nothing('same_person');
      if (asked.verdict !== null) return { result: asked, emit: { records: [] } };
      const emit = verdict === 'approved' ? await this.carryOut(tx, asked, payment, decidedBy) : { records: [] };
      if (typeof emit === 'string') return nothing(emit);
      await this.decisions.decide(tx, decisionId, verdict, decidedBy, this.clock.now());
      const decision: RefundDecision = { ...asked, verdict, decidedBy };
      const audit = [...(emit.audit ?? []), auditOf(payment, decision, decidedBy)];
      return { result: decision, emit: { ...emit, audit } };
    });
  }

  private async carryOut(
    tx: Tx,
    decision: RefundDecision,
    payment: Payment,
    decidedBy: string,
  ): Promise<Emitted | DecisionRefusal> {
    if (decision.refundId === null) return this.refundLate(tx, decision, payment, decidedBy);
    const refund = (await this.refunds.lock(tx, [decision.refundId])).get(decision.refundId);
    if (refund === undefined || !mayGoElsewhere(refund)) return 'not_owed';
    const disputes = await this.disputes.ofPayments(tx, [payment.id]);
    const refunds = await this.refunds.ofPayment(tx, payment.id);
    const forbidden = forbiddenNow(refund, { payment, disputes, refunds });
    if (forbidden !== null) return forbidden === 'TAKEN_BACK' ? 'PAYMENT_NOT_REFUNDABLE' : forbidden;
    const now = this.clock.now();
    const paymentHand = inHand(payment, decidedBy);
    const hand = refundInHand(refund, paymentHand);
    advanceRefund(hand, factOf(decision, now), now);
    return this.recorder.record(tx, [paymentHand], [hand], now);
  }

  private async refundLate(
    tx: Tx,
    { decisionId, amount, reason }: RefundDecision,
    payment: Payment,
    approvedBy: string,
  ): Promise<Emitted | DecisionRefusal> {
    const { result, emit } = await this.requestRefund.inTransaction(tx, {
      paymentId: payment.id,
      partnerId: payment.order.partnerId,
      amount,
      reason: reason.slice(0, LONGEST_REASON),
      reference: null,
      requestedBy: decisionId,
      approvedBy,
    });
    if (result.answer === 'requested') return emit;
    return result.answer === 'refused' ? result.refusal : 'unknown';
  }
}

/** Of a refund's reason, which partners see. */
const LONGEST_REASON = 64;

function mayGoElsewhere({ state, standing }: Refund): boolean {
  return state === 'OWED' && (standing.elsewhere?.attempt ?? 0) < MOST_ATTEMPTS_ELSEWHERE;
}

function factOf({ instrumentId }: RefundDecision, now: Date): RefundFact {
  if (instrumentId === null) return { name: 'paid_by_hand' };
  const notAfter = new Date(now.getTime() + STARTS_WITHIN_MS).toISOString();
  return { name: 'other_instrument_approved', elsewhere: { instrument: instrumentId, notAfter } };
}

function auditOf(payment: Payment, decision: RefundDecision, actor: string): AuditEntry {
  const { decisionId, refundId, way, instrumentId, bankReference, reason, requestedBy, verdict } = decision;
  const detail = {
    decision: decisionId,
    way,
    reason,
    requested_by: requestedBy,
    ...(refundId === null ? {} : { refund: refundId }),
    ...(instrumentId === null ? {} : { instrument: instrumentId }),
    ...(bankReference === null ? {} : { bank_reference: bankReference }),
  };
  const action = `refund.decision_${verdict ?? 'requested'}`;
  const { id, partition, order } = payment;
  return { subjectId: id, partnerId: order.partnerId, bucket: partition, actor, actions: [{ action, detail }] };
}

function nothing(refusal: DecisionRefusal): Worked<Answer> {
  return { result: refusal, emit: { records: [] } };
}
