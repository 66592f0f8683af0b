import type { WalletOutcome, Evidence } from '@gateway/contracts/wallet.network.events.v1';
import type { Contract } from '@gateway/contracts/contract';
import type { AuditEntry, Emitted, OutboundRecord } from '@gateway/messaging';
import { changed, isTold, outcomeEventOf, type InstructionRecord, type Telling } from '../domain/instruction-record';
import type { Change } from '../domain/standing';
import type { Written } from '../outbound/instruction.repository';

/** The network and service that a process runs for. */
export interface NetworkIdentity {
  service: string;
  networkId: string;
  events: Contract<WalletOutcome>;
}

/**
 * What one transaction changes: the locked records as they stand now, which of them are new or leased, and what has to
 * be told. It decides nothing; it keeps the bookkeeping of a batch in one place.
 */
export class InstructionChanges {
  private readonly before = new Map<string, InstructionRecord>();
  private readonly current = new Map<string, InstructionRecord>();
  private readonly touched = new Set<string>();
  private readonly leases = new Map<string, number>();
  private readonly repeated = new Set<string>();
  readonly endsLease = new Set<string>();

  constructor(readonly nowMs: number) {}

  /** Adds records that this transaction has locked. */
  know(records: Iterable<InstructionRecord>): void {
    for (const record of records) {
      if (this.current.has(record.instructionId)) continue;
      this.before.set(record.instructionId, record);
      this.current.set(record.instructionId, record);
    }
  }

  get(instructionId: string | null): InstructionRecord | null {
    return instructionId === null ? null : (this.current.get(instructionId) ?? null);
  }

  /** A record that this transaction makes, or one replaced as a whole. */
  put(record: InstructionRecord): InstructionRecord {
    this.current.set(record.instructionId, record);
    this.touched.add(record.instructionId);
    return record;
  }

  apply(record: InstructionRecord, change: Change, evidence: Evidence): InstructionRecord {
    return this.put(changed(record, change, evidence, this.nowMs));
  }

  lease(instructionId: string, leaseMs: number): void {
    this.leases.set(instructionId, leaseMs);
  }

  /** The command came again: it is answered with the outcome as it stands. */
  repeat(instructionId: string): void {
    this.repeated.add(instructionId);
  }

  inserts(): Written[] {
    return this.written((id) => !this.before.has(id));
  }

  updates(): Written[] {
    return this.written((id) => this.before.has(id));
  }

  /** Tombstones whose command has come in this transaction. */
  fulfilled(): InstructionRecord[] {
    return [...this.touched]
      .filter((id) => this.before.get(id)?.state === 'TOMBSTONE')
      .map((id) => this.current.get(id)!)
      .filter(({ state }) => state !== 'TOMBSTONE');
  }

  /** Outcome events, and one audit entry per payment with all that this transaction told of it. */
  emitted(network: NetworkIdentity): Emitted {
    const told = [...this.touched]
      .map((id) => this.current.get(id)!)
      .filter((record) => isTold(this.before.get(record.instructionId) ?? null, record));
    const toldIds = new Set(told.map((record) => record.instructionId));
    const again = [...this.repeated].filter((id) => !toldIds.has(id)).map((id) => this.current.get(id)!);
    const records = [...told, ...again].flatMap((record) => this.outboundOf(record, network));
    return { records, audit: auditOf(told, network) };
  }

  private outboundOf(record: InstructionRecord, network: NetworkIdentity): OutboundRecord[] {
    const data = outcomeEventOf(record, network.networkId);
    if (data === null) return [];
    const { partition, traceparent } = record;
    return [{ contract: network.events, data, partition, ...(traceparent !== null && { traceparent }) }];
  }

  private written(belongs: (id: string) => boolean): Written[] {
    return [...this.touched]
      .filter(belongs)
      .sort()
      .map((id) => ({ record: this.current.get(id)!, leaseMs: this.leases.get(id) ?? null }));
  }
}

function auditOf(told: readonly InstructionRecord[], network: NetworkIdentity): AuditEntry[] {
  const entries = new Map<string, AuditEntry>();
  for (const record of told) {
    const entry = entries.get(record.paymentId) ?? {
      subjectId: record.paymentId,
      partnerId: record.partnerId,
      bucket: record.partition,
      actor: `service:${network.service}`,
      actions: [],
    };
    entry.actions.push(actionOf(record));
    entries.set(record.paymentId, entry);
  }
  return [...entries.values()];
}

function actionOf({ instructionId, operation, version, attempt, told }: InstructionRecord): Action {
  return {
    action: `wallet.${operation}.${(told?.outcome ?? 'UNKNOWN').toLowerCase()}`,
    detail: {
      instruction_id: instructionId,
      version,
      attempt,
      evidence: told?.evidence ?? null,
      reason: told?.reason ?? null,
      network_reference: told?.networkReference ?? null,
      ...(told !== null && extrasOf(told)),
    },
  };
}

type Action = AuditEntry['actions'][0];

/** What only some outcomes have: the network's own code, tries to take it back, a yes after a no, two words against each other. */
function extrasOf({ networkCode, late, contradicted, reversalTries }: Telling): NonNullable<Action['detail']> {
  return {
    ...(networkCode !== undefined && { network_code: networkCode }),
    ...(reversalTries !== undefined && { reversal_tries: reversalTries }),
    ...(late && { late: true }),
    ...(contradicted && {
      said_first: JSON.stringify(contradicted.earlier),
      said_later: JSON.stringify(contradicted.later),
    }),
  };
}
