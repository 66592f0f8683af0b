import type { Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import type { WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';
import type { Evidence } from '@gateway/contracts/wallet.network.events.v1';
import { wordOf } from '../domain/contradiction';
import { follow, type Answer, type Source } from '../domain/decision';
import type { Circumstances } from '../domain/enquiry-plan';
import type { InstructionRecord } from '../domain/instruction-record';
import { isCertainNo, isFinal, isMoreTakenBack } from '../domain/standing';
import type { EvidenceItem, InstructionRepository } from '../outbound/instruction.repository';
import type { Answered } from './call-desk';
import { InstructionChanges, type NetworkIdentity } from './instruction-changes';
import { followLinks, lockWithLinks, withTarget } from './linked-changes';

/** How decisions about one operation are made at a given business time. */
export type CircumstancesOf = (operation: WalletOperation, nowMs: number) => Circumstances;

const PROOF: Record<Source, Evidence> = { call: 'answer', enquiry: 'enquiry', undo: 'answer' };

/** Writes answers into the instruction table, many in one transaction: each by compare-and-set on its lease number. */
export class RecordAnswers {
  constructor(
    private readonly instructions: InstructionRepository,
    private readonly circumstancesOf: CircumstancesOf,
    private readonly network: NetworkIdentity,
  ) {}

  async record(answers: readonly Answered[], tx: Tx): Promise<Emitted> {
    const changes = await this.lockAll(answers, tx);
    const evidence: EvidenceItem[] = [];
    for (const { exchange, answer } of answers) {
      const record = changes.get(exchange.instructionId);
      if (record === null) continue;
      const stale = record.lease !== exchange.lease || changes.endsLease.has(exchange.instructionId);
      const { instructionId, source, lease } = exchange;
      evidence.push({ instructionId, source, lease, stale, answer: masked(answer) });
      if (stale) takeStale(record, source, answer, changes);
      else this.take(record, source, answer, changes);
    }
    await this.instructions.update(tx, changes.updates(), changes.endsLease);
    await this.instructions.addEvidence(tx, evidence);
    return changes.emitted(this.network);
  }

  private async lockAll(answers: readonly Answered[], tx: Tx): Promise<InstructionChanges> {
    const asked = new Set(answers.flatMap(({ exchange }) => [exchange.instructionId, ...exchange.linked]));
    const changes = new InstructionChanges(await this.instructions.nowMs(tx));
    await lockWithLinks(this.instructions, [...asked], tx, changes);
    return changes;
  }

  private take(found: InstructionRecord, source: Source, answer: Answer, changes: InstructionChanges): void {
    const record = withTarget(found, changes);
    const at = this.circumstancesOf(record.operation, changes.nowMs);
    const after = changes.apply(record, follow(record, source, answer, at), PROOF[source]);
    changes.endsLease.add(record.instructionId);
    followLinks(after, PROOF[source], changes);
  }
}

/**
 * An answer under an old lease is evidence; what is open, or contradicted by it, is asked about again. What it says of an end
 * is kept beside what is open: should that end in the opposite, the network has said both.
 */
function takeStale(record: InstructionRecord, source: Source, answer: Answer, changes: InstructionChanges): void {
  const isEnded = isFinal(record.state) || record.state === 'TOMBSTONE';
  const word = isEnded ? null : wordOf(record, source, answer);
  if (word !== null) record = changes.put({ ...record, heard: { ...record.heard, ...word } });
  const open = !isEnded && record.state !== 'QUEUED';
  // A stale word that something was taken back is no outcome; it is reason enough to ask.
  const contradicted =
    answer.kind === 'PROCESSED' && (isCertainNo(record.state) || isMoreTakenBack(record, answer.returned));
  if (open || contradicted) changes.put({ ...record, dueMs: changes.nowMs });
}

/** What the payer has to do may hold a code that pays: evidence keeps that there was one. */
function masked(answer: Answer): Answer {
  if (answer.kind !== 'PENDING' || answer.nextAction === undefined) return answer;
  return { ...answer, nextAction: { type: answer.nextAction.type, value: '[hidden]' } };
}
