import type { Purpose, WalletOperation } from '@gateway/contracts/wallet.network.commands.v1';
import type { DisputeOfCommand } from '@gateway/contracts/wallet.network.disputes';
import type { InstructionRecord, Telling } from '../domain/instruction-record';
import type { Contradiction, Heard, InstructionState, Undo } from '../domain/standing';

/** A row of `instruction` as PostgreSQL gives it. */
export interface InstructionRow {
  instruction_id: string;
  payment_id: string;
  partner_id: string;
  partition: number;
  operation: WalletOperation | 'refused';
  amount: bigint;
  currency: string;
  purpose: Purpose;
  bop_code: string;
  instrument_id: string | null;
  target_id: string | null;
  dispute: DisputeOfCommand | null;
  not_after: Date | null;
  traceparent: string | null;
  state: InstructionState;
  attempt: number;
  in_doubt: boolean;
  enquiries: number;
  plan_start: Date | null;
  due: Date | null;
  lease: bigint;
  undo: Undo | null;
  released_by: string | null;
  nudged_at: Date | null;
  needs_person: boolean;
  network_reference: string | null;
  processed_amount: bigint | null;
  processed_at: Date | null;
  first_sent_at: Date | null;
  version: number;
  outcome: Telling | null;
  contradiction: Contradiction | null;
  heard: Heard | null;
  /** Of a release: the state of its target, where it has one. */
  target_state: InstructionState | null;
}

const OPEN: readonly (InstructionState | null)[] = ['QUEUED', 'SENT', 'PENDING', 'UNKNOWN'];

export function recordOf(row: InstructionRow): InstructionRecord {
  return {
    instructionId: row.instruction_id,
    paymentId: row.payment_id,
    partnerId: row.partner_id,
    partition: row.partition,
    // A tombstone has no operation of its own: it only ever refuses the one that comes.
    operation: row.operation === 'refused' ? 'hold' : row.operation,
    asked: { amount: row.amount.toString(), currency: row.currency },
    purpose: row.purpose,
    bopCode: row.bop_code,
    instrumentId: row.instrument_id,
    targetId: row.target_id,
    dispute: row.dispute,
    notAfterMs: msOf(row.not_after),
    traceparent: row.traceparent,
    state: row.state,
    attempt: row.attempt,
    inDoubt: row.in_doubt,
    enquiries: row.enquiries,
    planStartMs: msOf(row.plan_start),
    dueMs: msOf(row.due),
    lease: row.lease,
    undo: row.undo,
    releasedBy: row.released_by,
    nudgedMs: msOf(row.nudged_at),
    needsPerson: row.needs_person,
    ...(row.outcome?.nextAction && { payerAction: row.outcome.nextAction }),
    returned: row.outcome?.returned ?? null,
    contradiction: row.contradiction,
    heard: row.heard,
    networkReference: row.network_reference,
    processedMinor: row.processed_amount,
    processedMs: msOf(row.processed_at),
    firstSentMs: msOf(row.first_sent_at),
    version: row.version,
    told: row.outcome,
    targetOpen: OPEN.includes(row.target_state),
  };
}

/** The columns that are written when an instruction is first known. Keys are column names. */
export function newRowOf(record: InstructionRecord): Record<string, unknown> {
  return {
    payment_id: record.paymentId,
    partner_id: record.partnerId,
    partition: record.partition,
    operation: record.state === 'TOMBSTONE' ? 'refused' : record.operation,
    amount: record.asked.amount,
    currency: record.asked.currency,
    purpose: record.purpose,
    bop_code: record.bopCode,
    instrument_id: record.instrumentId,
    target_id: record.targetId,
    not_after: instantOf(record.notAfterMs),
    traceparent: record.traceparent,
    dispute: record.dispute,
    ...mutableRowOf(record),
  };
}

/** The columns that change over an instruction's life. */
export function mutableRowOf(record: InstructionRecord): Record<string, unknown> {
  return {
    instruction_id: record.instructionId,
    state: record.state,
    attempt: record.attempt,
    in_doubt: record.inDoubt,
    enquiries: record.enquiries,
    plan_start: instantOf(record.planStartMs),
    due: instantOf(record.dueMs),
    undo: record.undo,
    released_by: record.releasedBy,
    nudged_at: instantOf(record.nudgedMs),
    needs_person: record.needsPerson,
    network_reference: record.networkReference,
    processed_amount: record.processedMinor?.toString() ?? null,
    processed_at: instantOf(record.processedMs),
    first_sent_at: instantOf(record.firstSentMs),
    version: record.version,
    outcome: record.told,
    contradiction: record.contradiction,
    heard: record.heard,
  };
}

function msOf(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}

function instantOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
