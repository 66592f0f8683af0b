import type { Evidence } from '@gateway/contracts/wallet.network.events.v1';
import type { Tx } from '@gateway/persistence';
import type { InstructionRecord } from '../domain/instruction-record';
import { releaseAfterTarget, targetAfterRelease } from '../domain/linked-release';
import { isFinal } from '../domain/standing';
import type { InstructionRepository } from '../outbound/instruction.repository';
import type { InstructionChanges } from './instruction-changes';

/** Ids that belong to a record: the release that waits for it, or what it releases. */
export function linkedIds(record: InstructionRecord): string[] {
  const target = record.operation === 'release' ? record.targetId : null;
  return [record.releasedBy, target].filter((id) => id !== null);
}

/**
 * Locks records and what is linked with them. A link that has come up since the ids were collected is found only now: those
 * are few, and locked after.
 */
export async function lockWithLinks(
  instructions: InstructionRepository,
  ids: readonly string[],
  tx: Tx,
  changes: InstructionChanges,
): Promise<void> {
  const locked = await instructions.lock(tx, ids);
  changes.know(locked.values());
  const more = [...locked.values()].flatMap(linkedIds).filter((id) => !ids.includes(id));
  changes.know((await instructions.lock(tx, more)).values());
}

/** A release sees its target as it stands in this transaction. */
export function withTarget(release: InstructionRecord, changes: InstructionChanges): InstructionRecord {
  const target = release.operation === 'release' ? changes.get(release.targetId) : null;
  return target === null ? release : { ...release, targetOpen: !isFinal(target.state) && target.state !== 'TOMBSTONE' };
}

/** After a record has changed: moves the release that waits for it, or the target that it has released. */
export function followLinks(record: InstructionRecord, evidence: Evidence, changes: InstructionChanges): void {
  const release = changes.get(record.releasedBy);
  if (release !== null) {
    const change = releaseAfterTarget(release, record, changes.nowMs);
    if (change !== null) endLeaseIfEnded(changes.apply(release, change, evidence), changes);
  }
  const target = record.operation === 'release' ? changes.get(record.targetId) : null;
  if (target !== null) {
    const change = targetAfterRelease(target, record);
    if (change !== null) endLeaseIfEnded(changes.apply(target, change, evidence), changes);
  }
}

/** Whoever still asks about something that has ended here gives a stale answer, which is evidence alone. */
function endLeaseIfEnded(record: InstructionRecord, changes: InstructionChanges): void {
  if (isFinal(record.state)) changes.endsLease.add(record.instructionId);
}
