import type { Known } from './conditions';
import type { DisputeState } from './disputes/dispute-state';
import type { DisputeCaseKind } from './disputes/dispute-table';
import { instructionIdOf } from './instruction';
import { learn, send, type InstructionName } from './parts';
import type { Payment, Standing } from './payment';
import type { Fact } from './payment-fact';
import { answerTo } from './payment-state-machine';
import type { PaymentState } from './payment-state';
import { changesOf, type PaymentChange } from './payment-change';
import type { RefundState } from './refund/refund-state';
import type { RefundCaseKind } from './refund/refund-table';
import type { ReturnState } from './returns/return-state';
import type { ReturnCaseKind } from './returns/return-table';
import { creditBy, marginFrom } from './terms';
import { isToldBefore, rememberTakenBack } from './taken-back';
import type { CaseKind, TableRow } from './table/row';

/** Something that a person has to look at. */
export interface PaymentCase {
  paymentId: string;
  partnerId: string | null;
  kind:
    | CaseKind
    | RefundCaseKind
    | ReturnCaseKind
    | DisputeCaseKind
    | 'unknown_payment'
    | 'unknown_instruction'
    | 'unknown_refund'
    | 'unknown_return'
    | 'unknown_dispute';
  state: PaymentState | RefundState | ReturnState | DisputeState | null;
  fact: string;
  instructionId: string | null;
  detail: Record<string, string | number | null>;
  at: Date;
}

/** What a run of facts did to one payment, in order. */
export interface Journal {
  changes: PaymentChange[];
  instructions: InstructionName[];
  cases: PaymentCase[];
  /** Whether the payment's row has to be written, be it only for a version. */
  touched: boolean;
}

export function emptyJournal(): Journal {
  return { changes: [], instructions: [], cases: [], touched: false };
}

/** A chain of `proceed` is at most this long; the model check shows that two are enough. */
const MAX_STEPS = 4;

/**
 * Takes one fact into a payment through the state table: the only code that assigns a state. A fact whose version is
 * not above the last one of its part is a repeat and changes nothing.
 */
export function advance(payment: Payment, fact: Fact, now: Date, journal: Journal): void {
  if (isToldBefore(payment, fact)) return;
  const { part, version } = fact;
  if (part !== undefined && version !== undefined) {
    if (version <= (payment.standing.versions[part] ?? 0)) return;
    payment.standing.versions[part] = version;
    journal.touched = true;
  }
  answer(payment, fact, false, now, journal);
  let steps = 0;
  while (answer(payment, fact, true, now, journal)) {
    if (++steps > MAX_STEPS) throw new Error(`${payment.id} does not come to rest after ${fact.name}`);
  }
}

/** Asks the table once. True where the payment changed. */
function answer(payment: Payment, fact: Fact, proceeding: boolean, now: Date, journal: Journal): boolean {
  const name = proceeding ? 'proceed' : fact.name;
  const row = answerTo(payment.state, name, knownOf(payment, now));
  const { standing } = payment;
  standing.parts = learn(standing.parts, name);
  if (!proceeding) remember(payment, fact);
  if (row.cause !== null) rememberCause(payment, row, fact);
  for (const instruction of row.instruct) instruct(payment, instruction, now, journal);
  if (row.opens !== null) journal.cases.push(caseOf(payment, row.opens, fact, now));
  if (row.answer === 'known') return false;
  const from = payment.state;
  payment.state = row.to ?? from;
  if (payment.state !== from) standing.since = now.toISOString();
  journal.changes.push(...changesOf(payment, from, row, fact, proceeding, now));
  journal.touched = true;
  return true;
}

function knownOf(payment: Payment, now: Date): Known {
  const margin = marginFrom(payment);
  return {
    funding: payment.order.funding,
    standing: payment.standing,
    marginShort: margin !== null && now.getTime() > margin.getTime(),
  };
}

function remember(payment: Payment, fact: Fact): void {
  rememberTakenBack(payment, fact);
  rememberUndo(payment.standing, fact);
  rememberDetails(payment.standing, fact);
}

/** Of an undo that was refused as the network has given everything back by itself, nothing is left to do. */
function rememberUndo(standing: Standing, fact: Fact): void {
  const isOver = fact.name === 'release_not_needed' || isRefusedUndo(standing, fact) || isOpenAgain(standing, fact);
  if (isOver) standing.nothingReleased = true;
  const isDone = standing.parts.source === 'returning' && standing.nothingReleased && standing.takenBack?.whole;
  if (isDone === true) standing.parts = { ...standing.parts, source: 'taken_back' };
}

function isRefusedUndo({ parts }: Standing, { name }: Fact): boolean {
  const isUndoing = parts.source === 'returning' || parts.source === 'withdrawing';
  return isUndoing && (name === 'release_declined' || name === 'release_not_submitted');
}

function rememberDetails(standing: Standing, fact: Fact): void {
  if (fact.name === 'hold_margin_reached') standing.marginTold = true;
  if (fact.part !== 'source') return;
  standing.nextAction = fact.name === 'source_pending' ? (fact.nextAction ?? null) : null;
  standing.counterparty = fact.counterparty ?? standing.counterparty;
  standing.holdExpiresAt = fact.holdExpiresAt ?? standing.holdExpiresAt;
  if (fact.cancelableUntil !== undefined) standing.cancelableUntil = fact.cancelableUntil;
}

/** The source stands again after its undo: the next undo needs an id of its own. */
function isOpenAgain({ parts }: Standing, { name }: Fact): boolean {
  return name === 'source_late' && parts.source === 'asked';
}

/** The first cause is kept; a block outweighs what came before it. */
function rememberCause({ standing }: Payment, row: TableRow, fact: Fact): void {
  if (standing.cause !== null && row.cause !== 'BLOCKED') return;
  if (standing.cause === null) {
    standing.reason = fact.reason ?? null;
    if (fact.declineClass !== undefined) standing.declineClass = fact.declineClass;
  }
  standing.cause = row.cause;
}

function instruct(payment: Payment, instruction: InstructionName, now: Date, journal: Journal): void {
  const { standing } = payment;
  const after = send(standing.parts, instruction) ?? sendAgain(standing, instruction);
  if (after === null) return;
  countAttempt(standing, instruction);
  if (instruction === 'credit') standing.creditNotAfter = creditBy(payment, now).toISOString();
  standing.parts = after;
  journal.instructions.push(instruction);
}

/** An undo that was refused is sent once more where less is left to be undone. */
function sendAgain({ parts, nothingReleased }: Standing, instruction: InstructionName): Standing['parts'] | null {
  return instruction === 'undo_source' && parts.source === 'returning' && nothingReleased ? parts : null;
}

/** An instruction whose id has been answered for good gets a new id, and its answers' versions begin anew. */
function countAttempt(standing: Standing, instruction: InstructionName): void {
  if (instruction === 'reserve' && standing.parts.reservation === 'released') {
    standing.reservationAttempt += 1;
    delete standing.versions.reserve;
    delete standing.versions.unreserve;
  }
  if (instruction === 'undo_source' && standing.nothingReleased) {
    standing.releaseAttempt += 1;
    standing.nothingReleased = false;
    delete standing.versions.release;
  }
}

function caseOf(payment: Payment, kind: CaseKind, fact: Fact, now: Date): PaymentCase {
  return {
    paymentId: payment.id,
    partnerId: payment.order.partnerId,
    kind,
    state: payment.state,
    fact: fact.name,
    instructionId: fact.instructionId ?? (fact.part === undefined ? null : instructionIdOf(payment, fact.part)),
    detail: {
      reason: fact.reason ?? null,
      amount: fact.amount?.toDigits() ?? null,
      version: fact.version ?? null,
      ...fact.detail,
    },
    at: now,
  };
}
