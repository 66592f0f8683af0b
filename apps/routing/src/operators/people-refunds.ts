import { OutboxTransactions } from '@gateway/messaging';
import { Money } from '@gateway/money';
import { Database } from '@gateway/persistence';
import { Clock, Problem } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { viewOfMoney } from '../edge/amount-view';
import { requirePayable } from '../edge/correction-check';
import { problem } from '../edge/problems';
import { movedBy, type Refund } from '../domain/refund/refund';
import { IntakeRepository } from '../outbound/intake.repository';
import { PaymentReader } from '../outbound/payment-reader';
import { RefundReader, type OwedRefund } from '../outbound/refund-reader';
import { DecideRefunds, type DecisionRefusal } from '../use-cases/decide-refunds';
import type { RefundDecision } from '../use-cases/refund-decision.repository';
import { actorOf, type Operator } from './roles';

/** What one person wants done about a refund that is owed. */
export interface OwedRefundBody {
  way: 'other_instrument' | 'bank_transfer';
  instrument?: string;
  bank_reference?: string;
  reason: string;
}

/** A refund of a payment whose window is closed. */
export interface LateRefundBody {
  amount?: { amount: string; currency: string };
  reason: string;
}

/** Who works on refunds that no network pays; operators see it beside the age. */
const OWNER = 'settlement';
const GENERAL_BUCKET = 0;
const PAGE = 100;

/** What people see and do about refunds whose money is owed to the payer: it lies in 2150 until they have found a way. */
@Injectable()
export class PeopleRefunds {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentReader,
    private readonly refunds: RefundReader,
    private readonly intake: IntakeRepository,
    private readonly decisions: DecideRefunds,
    private readonly transactions: OutboxTransactions,
    private readonly clock: Clock,
  ) {}

  /** The queue in the order of refund ids, a page at a time, with owner and age of each. */
  async owed(operator: Operator, after: string | null): Promise<object> {
    const found = await this.refunds.owed(this.database, after, PAGE);
    const now = this.clock.now();
    const data = found.slice(0, PAGE).map((one) => viewOfOwed(one, now));
    const action = { action: 'refunds.owed_read', detail: { count: data.length } };
    const entry = { subjectId: 'owed_refunds', bucket: GENERAL_BUCKET, actor: actorOf(operator), actions: [action] };
    await this.transactions.run(async () => ({ result: null, emit: { records: [], audit: [entry] } }));
    return { object: 'list', data, has_more: found.length > PAGE };
  }

  /** @throws Problem that names what is wrong with the refund or the instrument */
  async requestWay(operator: Operator, refundId: string, body: OwedRefundBody): Promise<object> {
    const refund = await this.refunds.find(this.database, refundId);
    if (refund === null) throw problem('NOT_FOUND');
    const { way, instrument = null, bank_reference: bankReference = null, reason } = body;
    requireField(way === 'other_instrument', instrument, 'instrument');
    requireField(way === 'bank_transfer', bankReference, 'bank_reference');
    if (instrument !== null) await this.requireOtherInstrument(refund, instrument);
    const asked = await this.decisions.request({
      paymentId: refund.order.paymentId,
      refundId,
      way,
      instrumentId: instrument,
      bankReference,
      amount: null,
      reason,
      requestedBy: actorOf(operator),
    });
    return answered(asked);
  }

  async requestLate(operator: Operator, paymentId: string, { amount, reason }: LateRefundBody): Promise<object> {
    const asked = await this.decisions.request({
      paymentId,
      refundId: null,
      way: 'late_refund',
      instrumentId: null,
      bankReference: null,
      amount: amount === undefined ? null : Money.of(BigInt(amount.amount), amount.currency),
      reason,
      requestedBy: actorOf(operator),
    });
    return answered(asked);
  }

  async decide(operator: Operator, decisionId: string, verdict: 'approve' | 'reject'): Promise<object> {
    const verdicts = { approve: 'approved', reject: 'rejected' } as const;
    return answered(await this.decisions.decide(decisionId, verdicts[verdict], actorOf(operator)));
  }

  /** One of the payer's own, at the payer's network: the partner has registered it for being paid. */
  private async requireOtherInstrument(refund: Refund, instrumentId: string): Promise<void> {
    const { paymentId } = refund.order;
    const payment = (await this.payments.find(this.database, [paymentId])).get(paymentId);
    if (payment === undefined) throw problem('NOT_FOUND');
    const found = (await this.intake.findInstruments(this.database, [instrumentId])).get(instrumentId);
    const { partnerId, purpose, sourceNetwork: network } = payment.order;
    const wanted = { partnerId, purpose, network, amount: movedBy(refund).source };
    requirePayable(found, wanted, this.clock.now(), { param: 'instrument' });
  }
}

function requireField(isNeeded: boolean, value: string | null, param: string): void {
  if (isNeeded && value === null) throw problem('FIELD_MISSING', { param });
  if (!isNeeded && value !== null)
    throw problem('FIELD_INVALID', { param, detail: 'This way does not use the field. Remove it.' });
}

function viewOfOwed({ refund, decision }: OwedRefund, now: Date): object {
  const { id, order, standing, createdAt } = refund;
  const since = standing.owedSince ?? createdAt.toISOString();
  return {
    refund: id,
    payment: order.paymentId,
    partner: order.partnerId,
    amount: viewOfMoney(movedBy(refund).source),
    account: '2150',
    owner: OWNER,
    since,
    age_s: Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 1000)),
    reason: standing.reason,
    after_the_window: order.byHand,
    decision,
  };
}

/** Refusals that are not about a field: each says what to do. */
const SENTENCES: Readonly<Partial<Record<DecisionRefusal, [code: string, detail: string]>>> = {
  not_owed: ['REFUND_NOT_OWED', 'This refund does not wait for people. See its state.'],
  asked_before: ['ASKED_BEFORE', 'A decision is open for this refund already, or the bank reference was used before.'],
  same_person: ['SECOND_PERSON_NEEDED', 'Who asked for it cannot decide it.'],
};

function answered(answer: RefundDecision | DecisionRefusal): object {
  if (typeof answer !== 'string') return viewOfDecision(answer);
  if (answer === 'unknown') throw problem('NOT_FOUND');
  const sentence = SENTENCES[answer];
  if (sentence === undefined)
    throw problem(answer as Exclude<DecisionRefusal, 'not_owed' | 'asked_before' | 'same_person' | 'unknown'>);
  throw new Problem({ status: 409, code: sentence[0], title: 'Refused', detail: sentence[1] });
}

function viewOfDecision({
  decisionId,
  paymentId,
  refundId,
  way,
  reason,
  requestedBy,
  verdict,
  decidedBy,
}: RefundDecision): object {
  return {
    id: decisionId,
    object: 'refund_decision',
    payment: paymentId,
    refund: refundId,
    way,
    reason,
    state: verdict ?? 'requested',
    requested_by: requestedBy,
    decided_by: decidedBy,
  };
}
