import { OutboxTransactions, type AuditEntry, type Worked } from '@gateway/messaging';
import { Database } from '@gateway/persistence';
import { Clock, IdSource, Problem } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { problem } from '../edge/problems';
import { LiabilityRepository, type LiabilityDecision, type LiabilityTerm } from '../outbound/liability.repository';
import { actorOf, type Operator } from './roles';

/** A term as one person of settlement reads it in the contract. */
export interface LiabilityBody {
  partner: string;
  category: string;
  bearer: 'partner' | 'gateway';
  clause: string;
  from: string;
  to?: string;
  reason: string;
}

/** Of a partner: no payment's stream. */
const GENERAL_BUCKET = 0;

type Refusal = 'unknown' | 'same_person' | 'asked_before';

/** Who bears lost disputes, by the contract with each partner: one named person enters a term, another one decides. */
@Injectable()
export class DisputeLiability {
  constructor(
    private readonly database: Database,
    private readonly liabilities: LiabilityRepository,
    private readonly transactions: OutboxTransactions,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {}

  async of(partnerId: string): Promise<object> {
    if (!(await this.liabilities.hasPartner(this.database, partnerId))) throw problem('NOT_FOUND');
    const terms = await this.liabilities.termsOf(this.database, partnerId);
    const waiting = await this.liabilities.waitingOf(this.database, partnerId);
    return {
      object: 'dispute_liability',
      partner: partnerId,
      terms: terms.map(viewOfTerm),
      waiting: waiting.map(view),
    };
  }

  /** @throws Problem that names the field */
  async request(operator: Operator, body: LiabilityBody): Promise<object> {
    const decision = this.newDecision(operator, body);
    if (!(await this.liabilities.hasPartner(this.database, decision.partnerId)))
      throw problem('FIELD_INVALID', { param: 'partner', detail: 'There is no partner with this id.' });
    return answered(
      await this.transactions.run<LiabilityDecision | Refusal>(async (tx) => {
        const isTaken = !(await this.liabilities.ask(tx, decision, this.clock.now()));
        return isTaken ? refused('asked_before') : told(decision, decision.requestedBy);
      }),
    );
  }

  /** Deciding again changes nothing. */
  async decide(operator: Operator, id: string, state: 'approved' | 'rejected'): Promise<object> {
    const decidedBy = actorOf(operator);
    return answered(
      await this.transactions.run<LiabilityDecision | Refusal>(async (tx) => {
        const asked = await this.liabilities.lock(tx, id);
        if (asked === null) return refused('unknown');
        if (asked.requestedBy === decidedBy) return refused('same_person');
        if (asked.state !== 'requested') return { result: asked, emit: { records: [] } };
        const decision: LiabilityDecision = { ...asked, state, decidedBy };
        await this.liabilities.decide(tx, decision, this.clock.now());
        return told(decision, decidedBy);
      }),
    );
  }

  private newDecision(operator: Operator, { partner, from, to, ...term }: LiabilityBody): LiabilityDecision {
    const [begins, ends] = [new Date(from), to == null ? null : new Date(to)];
    if (ends !== null && ends <= begins)
      throw problem('FIELD_INVALID', {
        param: 'to',
        detail: '`to` must be later than `from`. Leave it out for no end.',
      });
    const terms = { ...term, partnerId: partner, from: begins, to: ends };
    return { ...terms, id: this.ids.next('dlc'), requestedBy: actorOf(operator), state: 'requested', decidedBy: null };
  }
}

function refused(refusal: Refusal): Worked<Refusal> {
  return { result: refusal, emit: { records: [] } };
}

function told(decision: LiabilityDecision, actor: string): Worked<LiabilityDecision> {
  const { id, partnerId, category, bearer, clause, from, to, reason, requestedBy, state } = decision;
  const detail = {
    decision: id,
    category,
    bearer,
    clause,
    from: from.toISOString(),
    to: to?.toISOString() ?? null,
    reason,
    requested_by: requestedBy,
  };
  const actions = [{ action: `dispute_liability.${state}`, detail }];
  const entry: AuditEntry = { subjectId: partnerId, partnerId, bucket: GENERAL_BUCKET, actor, actions };
  return { result: decision, emit: { records: [], audit: [entry] } };
}

const SENTENCES: Readonly<Record<Exclude<Refusal, 'unknown'>, [code: string, detail: string]>> = {
  same_person: ['SECOND_PERSON_NEEDED', 'Who asked for it cannot decide it.'],
  asked_before: ['ASKED_BEFORE', 'A term of this category begins at this moment already, or waits for its decision.'],
};

function answered(answer: LiabilityDecision | Refusal): object {
  if (typeof answer !== 'string') return view(answer);
  if (answer === 'unknown') throw problem('NOT_FOUND');
  const [code, detail] = SENTENCES[answer];
  throw new Problem({ status: 409, code, title: 'Refused', detail });
}

function viewOfTerm({ category, bearer, clause, from, to }: LiabilityTerm): object {
  return { category, bearer, clause, from: from.toISOString(), to: to?.toISOString() ?? null };
}

function view(decision: LiabilityDecision): object {
  const { id, partnerId, reason, requestedBy, state, decidedBy } = decision;
  return {
    id,
    object: 'liability_decision',
    partner: partnerId,
    ...viewOfTerm(decision),
    reason,
    state,
    requested_by: requestedBy,
    decided_by: decidedBy,
  };
}
