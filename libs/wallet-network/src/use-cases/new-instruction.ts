import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import type { InboundRecord } from '@gateway/messaging';
import type { InstructionRecord } from '../domain/instruction-record';
import { isFinal } from '../domain/standing';

/** The record of a command that comes for the first time. `dueMs` null: it waits for its target. */
export function newRecord(
  { data, partition, traceparent }: InboundRecord<WalletCommand>,
  target: InstructionRecord | null,
  dueMs: number | null,
): InstructionRecord {
  return {
    instructionId: data.instruction_id,
    paymentId: data.payment_id,
    partnerId: data.partner_id,
    partition,
    operation: data.operation,
    asked: data.amount,
    purpose: data.purpose,
    bopCode: data.bop_code,
    instrumentId: data.instrument_id ?? null,
    targetId: data.target_instruction_id ?? null,
    dispute: data.dispute ?? null,
    notAfterMs: data.not_after === undefined ? null : Date.parse(data.not_after),
    traceparent: traceparent ?? null,
    dueMs,
    ...NOTHING_YET,
    targetOpen: data.operation === 'release' && target !== null && !isFinal(target.state),
  };
}

const NOTHING_YET = {
  state: 'QUEUED',
  attempt: 0,
  inDoubt: false,
  enquiries: 0,
  planStartMs: null,
  firstSentMs: null,
  undo: null,
  needsPerson: false,
  returned: null,
  contradiction: null,
  heard: null,
  lease: 0n,
  releasedBy: null,
  nudgedMs: null,
  networkReference: null,
  processedMinor: null,
  processedMs: null,
  version: 0,
  told: null,
} as const;

/** What a release leaves for a hold or collection that has not come yet. */
export function tombstoneFor(release: InboundRecord<WalletCommand>, targetId: string): InstructionRecord {
  const record = newRecord(release, null, null);
  const releasedBy = record.instructionId;
  return { ...record, instructionId: targetId, targetId: null, state: 'TOMBSTONE', releasedBy, notAfterMs: null };
}

/** The tombstone with what its command says, so that its outcome can be told. */
export function fulfilledTombstone(tombstone: InstructionRecord, command: WalletCommand): InstructionRecord {
  return {
    ...tombstone,
    operation: command.operation,
    asked: command.amount,
    instrumentId: command.instrument_id ?? null,
    notAfterMs: command.not_after === undefined ? null : Date.parse(command.not_after),
  };
}
