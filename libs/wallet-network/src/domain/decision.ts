import type { Outcome } from '../outcome';
import { afterPlanMs, isWithinLife, nextEnquiryMs, planOf, repeatBackoffMs, type Circumstances } from './enquiry-plan';
import { doubted, weigh } from './contradiction';
import { lookAgain, lookBack, toldOfProof } from './sequel';
import {
  isCertainNo,
  isContradicted,
  isFinal,
  isOfPayer,
  mayHaveSequel,
  notSubmitted,
  sameAmount,
  type Change,
  type Standing,
  type Told,
} from './standing';
import { isBeingUndone, resendToUndo, startUndo, undoAgain, undone, undoRefused } from './undo';

/** Which exchange with the network was answered. */
export type Source = 'call' | 'enquiry' | 'undo';

/** An answer; `NOT_STARTED`: the exchange was leased here and certainly not begun. */
export type Answer = Outcome | { kind: 'NOT_STARTED' };
type Kind = Answer['kind'];
type Proof = Extract<Outcome, { kind: 'PROCESSED' }>;
type Follow = (standing: Standing, answer: Answer, at: Circumstances) => Change;

/**
 * What follows which answer. Every cell is a decision; an answer that fits nowhere is doubt.
 *
 * - `settle`: final yes, with the amount confirmed (another amount: see there)
 * - `decline`: final no
 * - `repeat`: the same id again after a backoff, bounded
 * - `wait`: PENDING, enquiries by the plan
 * - `doubt`: UNKNOWN, enquiries by the plan
 * - `askAgain`: nothing learnt, next enquiry by the plan
 * - `resend`: the same request with the same id, inside its idempotency life only: not found proves nothing
 * - `undone`, `undoRefused`, `undoAgain`: the runtime's own undo
 * - `resendToUndo`: nothing was found to take back, which proves nothing either: the request itself is sent again
 * - `requeue`, `later`: the exchange was not begun
 */
export const FOLLOWS: Record<Source, Record<Kind, Follow>> = {
  call: {
    PROCESSED: settle,
    DECLINED: decline,
    NOT_SUBMITTED: repeat,
    PENDING: wait,
    UNKNOWN: doubt,
    NOT_FOUND: doubt,
    NOT_STARTED: requeue,
  },
  enquiry: {
    PROCESSED: settle,
    DECLINED: decline,
    NOT_SUBMITTED: askAgain,
    PENDING: wait,
    UNKNOWN: askAgain,
    NOT_FOUND: resend,
    NOT_STARTED: later,
  },
  undo: {
    PROCESSED: undone,
    DECLINED: undoRefused,
    NOT_SUBMITTED: undoAgain,
    PENDING: undoAgain,
    UNKNOWN: undoAgain,
    NOT_FOUND: resendToUndo,
    NOT_STARTED: later,
  },
};

/** Calls that certainly did not leave are repeated this often where money would move forward. */
export const FORWARD_TRIES = 8;

/** What follows an answer that came under the current lease. */
export function follow(standing: Standing, source: Source, answer: Answer, at: Circumstances): Change {
  if (isFinal(standing.state)) {
    const looked = mayHaveSequel(standing) ? lookBack(standing, answer, at) : recheck(standing, answer, at);
    return isContradicted(standing) ? weigh(standing, answer, looked, at) : looked;
  }
  const isSentAgainToUndo = source === 'call' && isBeingUndone(standing);
  const change = isSentAgainToUndo
    ? takeBack(standing, answer, at)
    : FOLLOWS[source][answer.kind](standing, answer, at);
  return doubted(standing, change, { source, answer }, at);
}

function settle(standing: Standing, answer: Answer, at: Circumstances): Change {
  if (answer.kind !== 'PROCESSED') return {};
  const { amount, networkReference } = answer;
  // Taken back before anybody knew that it had been done: nothing stands under this id.
  if (answer.returned !== undefined && sameAmount(answer.returned, amount)) return takenBackUnknown(standing, answer);
  const nothingToCompare = standing.operation === 'release' && standing.targetOpen;
  const other = !nothingToCompare && !sameAmount(amount, standing.asked);
  if (other && standing.operation === 'hold') return takeBackPartialHold(standing, networkReference, at);
  const tell: Told = { ...toldOfProof(answer), ...(other && { amountConflict: true }) };
  const settled: Change = { state: 'PROCESSED', dueMs: null, undo: null, needsPerson: false, tell };
  return withPartBack(settled, tell, answer);
}

/** A part was taken back before anybody knew that it had been done: it was done, and a part has been taken back. */
function withPartBack(settled: Change, tell: Told, { returned }: Proof): Change {
  return returned === undefined ? settled : { ...settled, returned, tell: { ...tell, returned } };
}

/** Of the payer's money it is told how much had been held or taken: the books see both. */
function takenBackUnknown(standing: Standing, { networkReference, amount, counterparty }: Proof): Change {
  const reason = standing.operation === 'credit' ? 'PAYEE_ACCOUNT_INVALID' : 'TAKEN_BACK';
  const declined = decline(standing, { kind: 'DECLINED', reason, networkReference });
  const isPayers = isOfPayer(standing) && declined.tell !== undefined;
  return isPayers ? { ...declined, tell: { ...declined.tell!, amount, counterparty } } : declined;
}

/** Another amount than asked on a hold: it is released, and only then declined. */
function takeBackPartialHold(standing: Standing, networkReference: string, at: Circumstances): Change {
  if (standing.undo !== null) return askPerson(standing, { outcome: 'UNKNOWN', networkReference }, at);
  return startUndo(standing, 'PARTIAL_APPROVAL', at);
}

function decline(standing: Standing, answer: Answer): Change {
  if (answer.kind !== 'DECLINED') return {};
  // A release refused while its target is open says that the target must be resolved first.
  if (standing.operation === 'release' && standing.targetOpen) return { state: 'QUEUED', inDoubt: false, dueMs: null };
  const { reason, networkCode, networkReference, declineClass } = answer;
  const tell: Told = { outcome: 'DECLINED', reason, ...present({ networkCode, networkReference, declineClass }) };
  return { state: 'DECLINED', dueMs: null, undo: null, needsPerson: false, tell };
}

function repeat(standing: Standing, answer: Answer, at: Circumstances): Change {
  if (answer.kind !== 'NOT_SUBMITTED') return {};
  // That this attempt did not leave says nothing about the one before it.
  if (standing.inDoubt) return doubt(standing, answer, at);
  const { reason, networkCode } = answer;
  const againMs = at.nowMs + repeatBackoffMs(standing.attempt);
  return mayRepeat(standing, againMs, at)
    ? { state: 'QUEUED', dueMs: againMs }
    : notSubmitted({
        reason: isTermOver(standing, againMs) ? 'NOT_AFTER_PASSED' : reason,
        ...present({ networkCode }),
      });
}

const MOVES_FORWARD: ReadonlySet<Standing['operation']> = new Set(['hold', 'collect', 'credit']);

/** It could be tried once more, but for its term: that is what has ended it, however late the last try was answered. */
function isTermOver({ notAfterMs }: Standing, againMs: number): boolean {
  return notAfterMs !== null && againMs >= notAfterMs;
}

/** Forward steps are bounded in number and by `not_after`; everything else by its id's life. */
function mayRepeat(standing: Standing, againMs: number, at: Circumstances): boolean {
  const { operation, attempt, notAfterMs } = standing;
  if (!isWithinLife(standing.firstSentMs, at.rules.idempotencyLifeMs, againMs)) return false;
  if (!MOVES_FORWARD.has(operation)) return true;
  return notAfterMs === null ? attempt < FORWARD_TRIES : againMs < notAfterMs;
}

function wait(standing: Standing, answer: Answer, at: Circumstances): Change {
  if (answer.kind !== 'PENDING') return {};
  // An enquiry need not say again what the payer has to do.
  const { networkReference, nextAction = standing.payerAction } = answer;
  const tell: Told = { outcome: 'PENDING', ...present({ networkReference, nextAction }) };
  const waiting = nextAction === undefined ? standing : { ...standing, payerAction: nextAction };
  return { tell, ...enquireByPlan(waiting, 'PENDING', at) };
}

function doubt(standing: Standing, answer: Answer, at: Circumstances): Change {
  const known = answer.kind === 'UNKNOWN' ? present({ networkCode: answer.networkCode }) : {};
  return { tell: { outcome: 'UNKNOWN', ...known }, ...enquireByPlan(standing, 'UNKNOWN', at) };
}

function askAgain(standing: Standing, answer: Answer, at: Circumstances): Change {
  return standing.state === 'PENDING' ? enquireByPlan(standing, 'PENDING', at) : doubt(standing, answer, at);
}

function resend(standing: Standing, answer: Answer, at: Circumstances): Change {
  const accepted = standing.state === 'PENDING' || standing.undo !== null;
  const planOver = nextEnquiryMs(standing, standing.enquiries, at) === null;
  const alive = isWithinLife(standing.firstSentMs, at.rules.idempotencyLifeMs, at.nowMs);
  if (accepted || planOver || !alive) return askAgain(standing, answer, at);
  const planStartMs = standing.planStartMs ?? at.nowMs;
  return {
    state: 'QUEUED',
    inDoubt: true,
    planStartMs,
    enquiries: standing.enquiries + 1,
    dueMs: at.nowMs,
    tell: { outcome: 'UNKNOWN' },
  };
}

function enquireByPlan(standing: Standing, state: 'PENDING' | 'UNKNOWN', at: Circumstances): Change {
  const began = standing.planStartMs !== null;
  const enquiries = began ? standing.enquiries + 1 : 0;
  const dueMs = nextEnquiryMs(standing, enquiries, at);
  const asked: Change = { state, inDoubt: true, planStartMs: standing.planStartMs ?? at.nowMs, enquiries };
  return dueMs === null ? { ...asked, ...planEnds({ ...standing, state }, at) } : { ...asked, dueMs };
}

/** A hold or collection that nobody can tell of is taken back like an order that the payer has not confirmed. */
function planEnds(standing: Standing, at: Circumstances): Change {
  const cancel = isOfPayer(standing) && planOf(standing, at.rules).cancelAtEnd && standing.undo === null;
  if (!cancel) return askPerson(standing, { outcome: 'UNKNOWN' }, at);
  const waited = standing.state === 'PENDING' || standing.payerAction !== undefined;
  return startUndo(standing, waited ? 'PAYER_DID_NOT_CONFIRM' : 'NO_ANSWER_IN_TIME', at);
}

function askPerson(standing: Standing, told: Told, at: Circumstances): Change {
  const dueMs = afterPlanMs(standing, at);
  return { state: 'UNKNOWN', inDoubt: true, needsPerson: true, dueMs, tell: { ...told, needsPerson: true } };
}

/** What was sent again to be taken back: a no is final; a yes is none, because a late undo could still end it. */
function takeBack(standing: Standing, answer: Answer, at: Circumstances): Change {
  if (answer.kind === 'DECLINED') return decline(standing, answer);
  if (answer.kind === 'NOT_STARTED') return requeue(standing, answer, at);
  const state = answer.kind === 'PENDING' ? 'PENDING' : 'UNKNOWN';
  const { dueMs } = undoAgain(standing, answer, at);
  return { state, inDoubt: true, dueMs: answer.kind === 'PROCESSED' ? at.nowMs : dueMs };
}

function requeue(_standing: Standing, _answer: Answer, at: Circumstances): Change {
  return { state: 'QUEUED', dueMs: at.nowMs };
}

function later(_standing: Standing, _answer: Answer, at: Circumstances): Change {
  return { dueMs: at.nowMs };
}

/** Answers that say of a refusal neither that it stands nor that it does not. */
const UNDECIDED: ReadonlySet<Kind> = new Set<Kind>(['UNKNOWN', 'NOT_SUBMITTED', 'PENDING']);

/**
 * A final no that evidence contradicts was asked about once more: only proof of the opposite changes it, and only what
 * still stands is one.
 */
function recheck(standing: Standing, answer: Answer, at: Circumstances): Change {
  if (!isCertainNo(standing.state)) return { dueMs: null };
  if (answer.kind === 'NOT_STARTED') return later(standing, answer, at);
  if (UNDECIDED.has(answer.kind)) return lookAgain(standing, at);
  if (answer.kind !== 'PROCESSED' || answer.undone) return { dueMs: null };
  const settled = settle(standing, answer, at);
  return settled.tell?.outcome === 'PROCESSED' ? { ...settled, tell: { ...settled.tell, late: true } } : settled;
}

/** The given fields without the absent ones. */
function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
