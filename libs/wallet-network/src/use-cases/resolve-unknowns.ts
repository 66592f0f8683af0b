import type { AuditEntry, Emitted, OutboxTransactions } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import type { IdSource } from '@gateway/platform';
import type { NetworkDescription } from '../description';
import { follow } from '../domain/decision';
import type { InstructionRecord } from '../domain/instruction-record';
import { isOpenToPeople, outcomeOfFinding, type Resolution } from '../domain/resolution';
import type { InstructionRepository } from '../outbound/instruction.repository';
import type { InstrumentRepository } from '../outbound/instrument.repository';
import type { ResolutionRepository } from '../outbound/resolution.repository';
import { InstructionChanges, type NetworkIdentity } from './instruction-changes';
import { followLinks, linkedIds, lockWithLinks, withTarget } from './linked-changes';
import type { CircumstancesOf } from './record-answers';

/** Why a finding is not taken, or not decided. */
export type ResolutionRefusal = 'unknown' | 'not_open' | 'requested_before' | 'not_requested' | 'same_person';

/** What a second person says to a finding. */
export interface Decision {
  instructionId: string;
  verdict: 'approve' | 'reject';
  /** `operator:<subject>`. */
  decidedBy: string;
}

/** A finding after its decision; `overtaken`: the network itself has become certain meanwhile. */
export interface Decided {
  resolution: Resolution;
  state: 'approved' | 'rejected' | 'overtaken';
}

type WithoutId = Omit<Resolution, 'resolutionId'>;
type Known = NetworkIdentity & { description: NetworkDescription; circumstancesOf: CircumstancesOf };
interface Result<T> {
  result: T;
  emit: Emitted;
}
const refused = <R>(result: R): Result<R> => ({ result, emit: { records: [] } });

/**
 * Unknown outcomes whose enquiry plan has ended. One person enters what they found with where its proof is kept, another
 * one decides, and the finding takes the way of an enquiry's answer: the same outcome event, the same steps after it.
 */
export class ResolveUnknowns {
  constructor(
    private readonly transactions: OutboxTransactions,
    private readonly instructions: InstructionRepository,
    private readonly instruments: InstrumentRepository,
    private readonly resolutions: ResolutionRepository,
    private readonly ids: IdSource,
    private readonly network: Known,
  ) {}

  request(wanted: WithoutId): Promise<Resolution | ResolutionRefusal> {
    return this.transactions.run<Resolution | ResolutionRefusal>(async (tx) => {
      const record = (await this.instructions.lock(tx, [wanted.instructionId])).get(wanted.instructionId);
      if (record === undefined) return refused('unknown');
      if (!isOpenToPeople(record)) return refused('not_open');
      const resolution = { ...wanted, resolutionId: this.ids.next('rsl') };
      if (!(await this.resolutions.request(tx, resolution))) return refused('requested_before');
      const audit = [auditOf(record, resolution, 'outcome.resolution_requested', resolution.requestedBy)];
      return { result: resolution, emit: { records: [], audit } };
    });
  }

  decide(decision: Decision): Promise<Decided | ResolutionRefusal> {
    return this.transactions.run<Decided | ResolutionRefusal>(async (tx) => {
      const changes = await this.lock(tx, decision.instructionId);
      const record = changes.get(decision.instructionId);
      if (record === null) return refused('unknown');
      const resolution = await this.resolutions.lockRequested(tx, record.instructionId);
      if (resolution === null) return refused('not_requested');
      if (resolution.requestedBy === decision.decidedBy) return refused('same_person');
      return this.end(tx, changes, record, resolution, decision);
    });
  }

  private async lock(tx: Tx, id: string): Promise<InstructionChanges> {
    const changes = new InstructionChanges(await this.instructions.nowMs(tx));
    const found = await this.instructions.read(tx, [id]);
    const linked = [...found.values()].flatMap(linkedIds);
    await lockWithLinks(this.instructions, [id, ...linked], tx, changes);
    return changes;
  }

  private async end(
    tx: Tx,
    changes: InstructionChanges,
    record: InstructionRecord,
    resolution: Resolution,
    { verdict, decidedBy }: Decision,
  ): Promise<Result<Decided>> {
    const open = isOpenToPeople(record);
    const state = !open ? 'overtaken' : verdict === 'approve' ? 'approved' : 'rejected';
    await this.resolutions.end(tx, resolution.resolutionId, state, open ? decidedBy : null);
    if (state === 'approved') await this.settle(tx, changes, record, resolution);
    const { records, audit = [] } = changes.emitted(this.network);
    const own = auditOf(record, resolution, `outcome.resolution_${state}`, decidedBy);
    return { result: { resolution, state }, emit: { records, audit: [...audit, own] } };
  }

  private async settle(
    tx: Tx,
    changes: InstructionChanges,
    found: InstructionRecord,
    resolution: Resolution,
  ): Promise<void> {
    const record = withTarget(found, changes);
    const outcome = outcomeOfFinding(record, resolution, await this.counterpartyOf(tx, record));
    const at = this.network.circumstancesOf(record.operation, changes.nowMs);
    // Whatever was said before, two people have weighed it.
    const change = follow({ ...record, heard: null }, 'enquiry', outcome, at);
    const after = changes.apply(record, { ...change, heard: null }, 'operator');
    changes.endsLease.add(record.instructionId);
    followLinks(after, 'operator', changes);
    await this.instructions.update(tx, changes.updates(), changes.endsLease);
  }

  private async counterpartyOf(tx: Tx, record: InstructionRecord): Promise<string> {
    const { payer, payee } = this.network.description.counterparties;
    if (record.operation === 'credit') return payee;
    if (payer !== null) return payer;
    const target =
      record.targetId === null ? undefined : (await this.instructions.read(tx, [record.targetId])).get(record.targetId);
    const instrumentId = record.instrumentId ?? target?.instrumentId ?? '';
    return (await this.instruments.find(tx, [instrumentId])).get(instrumentId)?.scheme ?? this.network.networkId;
  }
}

function auditOf(record: InstructionRecord, resolution: Resolution, action: string, actor: string): AuditEntry {
  const { instructionId, finding, evidenceFile, reason } = resolution;
  const { paymentId, partnerId, partition } = record;
  const detail = { instruction_id: instructionId, finding, evidence: evidenceFile, reason };
  return { subjectId: paymentId, partnerId, bucket: partition, actor, actions: [{ action, detail }] };
}
