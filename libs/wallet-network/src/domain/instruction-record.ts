import type { Purpose } from '@gateway/contracts/wallet.network.commands.v1';
import type { DisputeOfCommand } from '@gateway/contracts/wallet.network.disputes';
import type { Evidence, WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import type { Change, Contradiction, Standing, Told } from './standing';

/** An outcome as it was told: repeated in the same words when the command comes again. */
export interface Telling extends Told {
  evidence: Evidence;
  at: string;
}

/** An instruction as the wallet keeps it. Times are ms of business time. */
export interface InstructionRecord extends Standing {
  readonly instructionId: string;
  readonly paymentId: string;
  readonly partnerId: string;
  readonly partition: number;
  readonly purpose: Purpose;
  readonly bopCode: string;
  readonly instrumentId: string | null;
  readonly targetId: string | null;
  /** Of represent and accept: the dispute, and what is said against it. */
  readonly dispute: DisputeOfCommand | null;
  readonly traceparent: string | null;
  /** Fencing number: an answer is taken under this number alone. */
  readonly lease: bigint;
  /** The release that waits for this outcome. */
  readonly releasedBy: string | null;
  /** When a notification last brought the enquiry forward. */
  readonly nudgedMs: number | null;
  readonly networkReference: string | null;
  readonly processedMinor: bigint | null;
  readonly processedMs: number | null;
  readonly version: number;
  /** What was told last. */
  readonly told: Telling | null;
}

/** The record after a change. The version rises with everything new that is told, and with nothing else. */
export function changed(
  record: InstructionRecord,
  change: Change,
  evidence: Evidence,
  nowMs: number,
): InstructionRecord {
  const { tellContradiction, ...rest } = change;
  const { tell = contradictedOf(record, tellContradiction), ...fields } = rest;
  const next = { ...record, ...fields };
  if (tell === undefined) return next;
  const networkReference = tell.networkReference ?? record.networkReference;
  const told: Telling = { ...tell, evidence, at: new Date(nowMs).toISOString() };
  if (networkReference !== null) told.networkReference = networkReference;
  const confirmed =
    record.processedMs === null && isConfirmation(told)
      ? { processedMinor: BigInt(told.amount.amount), processedMs: nowMs }
      : {};
  const isNews = record.told === null || newsOf(record.told) !== newsOf(told);
  return isNews
    ? { ...next, ...confirmed, networkReference, told, version: record.version + 1 }
    : { ...next, networkReference };
}

/** Whether this is the word that it was done. */
function isConfirmation(told: Telling): told is Telling & Required<Pick<Telling, 'amount'>> {
  return told.outcome === 'PROCESSED' && told.amount !== undefined;
}

/** The outcome as it stands, beside what contradicts it: the first time, as it may do so whenever it is asked about. */
function contradictedOf({ told }: InstructionRecord, contradicted: Contradiction | undefined): Told | undefined {
  if (told === null || told.contradicted !== undefined) return undefined;
  return contradicted === undefined ? undefined : { ...told, contradicted };
}

/** Whether the change is to be told, and by which version. */
export function isTold(before: InstructionRecord | null, after: InstructionRecord): boolean {
  return after.version > (before?.version ?? 0);
}

/** The outcome as an event of the network's topic; null while nothing can be told. */
export function outcomeEventOf(record: InstructionRecord, network: string): WalletOutcome | null {
  const { told } = record;
  if (told === null) return null;
  return {
    instruction_id: record.instructionId,
    payment_id: record.paymentId,
    partner_id: record.partnerId,
    network,
    operation: record.operation,
    version: record.version,
    outcome: told.outcome,
    ...proofOf(told),
    ...afterthoughtsOf(told),
    ...conditionOf(told),
    evidence: told.evidence,
    at: told.at,
  };
}

function proofOf(told: Told): Partial<WalletOutcome> {
  return {
    ...(told.amount && { amount: told.amount }),
    ...(told.networkReference !== undefined && { network_reference: told.networkReference }),
    ...(told.counterparty !== undefined && { counterparty: told.counterparty }),
    ...(told.holdExpiresAt !== undefined && { hold_expires_at: told.holdExpiresAt }),
    ...(told.cancelableUntil !== undefined && { cancelable_until: told.cancelableUntil }),
    ...(told.amountConflict && { amount_conflict: true }),
    ...(told.authentication && { authentication: told.authentication }),
    ...(told.disputes && { disputes: told.disputes }),
  };
}

/** What has become known of a certain yes since, or against it. */
function afterthoughtsOf(told: Told): Partial<WalletOutcome> {
  return {
    ...(told.late && { late: true }),
    ...(told.contradicted && { contradicted: told.contradicted }),
    ...(told.returned && { returned: told.returned }),
  };
}

function conditionOf(told: Told): Partial<WalletOutcome> {
  return {
    ...(told.reason && { reason: told.reason }),
    ...(told.declineClass && { decline_class: told.declineClass }),
    ...(told.networkCode !== undefined && { network_code: told.networkCode }),
    ...(told.nextAction && { next_action: told.nextAction }),
    ...(told.needsPerson && { needs_person: true }),
  };
}

/** What makes an outcome news; the network's own code may differ from try to try and is none. */
function newsOf(told: Told): string {
  const { outcome, amount, reason, nextAction, networkReference, needsPerson, amountConflict, returned, disputes } =
    told;
  const { contradicted } = told;
  const flags = [needsPerson === true, amountConflict === true];
  return JSON.stringify([
    outcome,
    amount?.amount,
    amount?.currency,
    reason,
    nextAction?.value,
    networkReference,
    flags,
    returned?.amount,
    // Field by field: what was read from the database has its fields in another order.
    disputes?.map((one) => [one.network_reference, one.status, one.amount.amount, one.evidence_due_by]),
    contradicted,
  ]);
}
