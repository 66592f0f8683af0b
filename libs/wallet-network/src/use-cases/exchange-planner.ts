import type { Source } from '../domain/decision';
import { leasedFor } from '../domain/leased-standing';
import type { InstructionRecord } from '../domain/instruction-record';
import type { HeldInstrument } from '../outbound/instrument.repository';
import { instructionOf, LEASE_SLACK_MS, startByMs, undoOf, type Exchange } from './exchange';
import type { InstructionChanges } from './instruction-changes';
import { linkedIds } from './linked-changes';
import type { CircumstancesOf } from './record-answers';

/** Completes a planned exchange once its lease number and instruments are known. */
export type PlannedExchange = (
  leases: ReadonlyMap<string, bigint>,
  instruments: ReadonlyMap<string, HeldInstrument>,
) => Exchange;

/** Leases an exchange in the records of a transaction and says how it will be made after the commit. */
export class ExchangePlanner {
  constructor(
    private readonly circumstancesOf: CircumstancesOf,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  plan(record: InstructionRecord, source: Source, changes: InstructionChanges): PlannedExchange {
    const { timeoutMs, leased } = this.lease(record, source, changes);
    const target = changes.get(record.targetId);
    const startBy = startByMs(this.monotonicMs());
    return (leases, instruments) => ({
      source,
      instructionId: leased.instructionId,
      lease: leases.get(leased.instructionId)!,
      linked: linkedIds(leased),
      startByMs: startBy,
      timeoutMs,
      instruction: () =>
        source === 'undo' ? undoOf(leased, { target, instruments }) : instructionOf(leased, { target, instruments }),
    });
  }

  private lease(
    record: InstructionRecord,
    source: Source,
    changes: InstructionChanges,
  ): { timeoutMs: number; leased: InstructionRecord } {
    const { nowMs } = changes;
    const timeoutMs = this.circumstancesOf(source === 'undo' ? 'release' : record.operation, nowMs).rules.callTimeoutMs;
    changes.lease(record.instructionId, timeoutMs + LEASE_SLACK_MS);
    return { timeoutMs, leased: changes.put(leasedFor(record, source, nowMs)) };
  }
}
