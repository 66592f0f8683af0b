import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { Execution } from '../faults/desk';
import { emptyAnswer, jsonAnswer, type Answer } from '../faults/reaction';
import { CardDisputesStore, type DisputeQuery } from '../outbound/card-disputes.store';
import { CardPaymentsStore } from '../outbound/card-payments.store';
import { objectAt, pageIn, textAt, type JsonObject } from '../wire/fields';
import { invalid, notAllowed, notFound } from './acquirer-errors';
import { disputeDetails, disputeSummary, EVIDENCE_LENGTH, EVIDENCE_TEXTS, type CardDispute } from './card-dispute';
import { CardDisputes } from './card-disputes';

/** What can be asked about disputes. */
export type DisputeOperation = 'dispute' | 'evidence' | 'evidence_submit' | 'dispute_accept';
export const DISPUTE_OPERATIONS: ReadonlySet<string> = new Set<DisputeOperation>([
  'dispute',
  'evidence',
  'evidence_submit',
  'dispute_accept',
]);

const PAGE = { usual: 50, most: 250 };
const NOT_OPEN = 'dispute_not_open_for_evidence';

/** Requests about disputes; what changes one is answered 204, and only while evidence is required. */
@Injectable()
export class DisputeRequests {
  constructor(
    private readonly database: Database,
    private readonly disputes: CardDisputes,
    private readonly stored: CardDisputesStore,
    private readonly payments: CardPaymentsStore,
  ) {}

  async serve(operation: DisputeOperation, request: JsonObject, execution: Execution): Promise<Answer> {
    const id = textAt(request, 'dispute_id');
    if (operation === 'dispute') return id === undefined ? this.list(objectAt(request, 'query')) : this.one(id);
    if (execution.decline) return invalid(execution.decline.code ?? 'evidence_refused');
    return this.database.transaction(async (tx) => {
      const dispute = await this.stored.lock(tx, id ?? '');
      if (dispute === undefined) return notFound();
      const isLate = dispute.evidence_required_by <= execution.now;
      if (dispute.status !== 'evidence_required' || isLate) return notAllowed(NOT_OPEN);
      return this.change(tx, operation, dispute, objectAt(request, 'body'), execution.now);
    });
  }

  /** The evidence that was provided so far. */
  async evidenceOf(id: string): Promise<Answer> {
    const dispute = await this.stored.find(id);
    return dispute === undefined ? notFound() : jsonAnswer(200, dispute.evidence);
  }

  private async change(
    tx: Tx,
    operation: Exclude<DisputeOperation, 'dispute'>,
    dispute: CardDispute,
    body: JsonObject,
    now: Date,
  ): Promise<Answer> {
    switch (operation) {
      case 'evidence': {
        const evidence = readEvidence(body);
        if (evidence === undefined) return invalid('evidence_invalid');
        const added = { ...dispute, evidence: { ...dispute.evidence, ...evidence }, last_update: now };
        await this.stored.update(tx, added);
        return emptyAnswer();
      }
      case 'evidence_submit':
        if (Object.keys(dispute.evidence).length === 0) return invalid('evidence_required');
        await this.disputes.turn(tx, dispute, 'evidence_under_review', now);
        return emptyAnswer();
      case 'dispute_accept':
        await this.disputes.turn(tx, dispute, 'accepted', now);
        return emptyAnswer();
    }
  }

  private async one(id: string): Promise<Answer> {
    const dispute = await this.stored.find(id);
    const payment = dispute && (await this.payments.find(dispute.payment_id));
    return payment ? jsonAnswer(200, disputeDetails(dispute, payment)) : notFound();
  }

  private async list(query: JsonObject): Promise<Answer> {
    const page = pageIn(query, PAGE);
    if (page === undefined) return invalid('limit_or_skip_invalid');
    const wanted = queryOf(query);
    if (wanted === undefined) return invalid('date_range_invalid');
    const found = await this.stored.list(wanted, page.limit, page.skip);
    const data = await Promise.all(
      found.map(async (dispute) => disputeSummary(dispute, (await this.payments.find(dispute.payment_id))!)),
    );
    return jsonAnswer(200, { ...page, total_count: data.length, data });
  }
}

/** Undefined where a time is none. */
function queryOf(query: JsonObject): DisputeQuery | undefined {
  const [paymentId, paymentReference] = [textAt(query, 'payment_id'), textAt(query, 'payment_reference')];
  const statuses = textAt(query, 'statuses')?.split(',');
  const [from, to] = ['from', 'to'].map((name) => new Date(textAt(query, name) ?? Number.NaN));
  const isTime = (name: string, at?: Date): boolean => query[name] === undefined || !Number.isNaN(at?.getTime());
  if (!isTime('from', from) || !isTime('to', to)) return undefined;
  return {
    ...(paymentId !== undefined && { paymentId }),
    ...(paymentReference !== undefined && { paymentReference }),
    ...(statuses !== undefined && { statuses }),
    ...(query['from'] !== undefined && { from }),
    ...(query['to'] !== undefined && { to }),
  };
}

/** At least one known text, each of a length that is taken. */
function readEvidence(body: JsonObject): Record<string, string> | undefined {
  const given = Object.entries(body);
  const isKnown = given.every(
    ([field, text]) =>
      EVIDENCE_TEXTS.includes(field) && typeof text === 'string' && text !== '' && text.length <= EVIDENCE_LENGTH,
  );
  return isKnown && given.length > 0 ? (Object.fromEntries(given) as Record<string, string>) : undefined;
}
