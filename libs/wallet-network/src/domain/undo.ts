import type { Answer } from './decision';
import { isWithinLife, undoBackoffMs, type Circumstances } from './enquiry-plan';
import type { Change, Standing, Told } from './standing';

/** Whether the runtime goes on trying to take it back. */
export function isBeingUndone({ undo }: Standing): boolean {
  return undo !== null && !undo.refused;
}

/** The hold or collection is to be taken back from now on; `reason` is what it is declined with then. */
export function startUndo(
  standing: Standing,
  reason: 'PARTIAL_APPROVAL' | 'PAYER_DID_NOT_CONFIRM' | 'NO_ANSWER_IN_TIME',
  at: Circumstances,
): Change {
  const state = standing.state === 'PENDING' ? 'PENDING' : 'UNKNOWN';
  const planStartMs = standing.planStartMs ?? at.nowMs;
  const undo = { reason, tries: 0, firstSentMs: null, refused: false };
  return { state, inDoubt: true, planStartMs, undo, dueMs: at.nowMs };
}

/**
 * Taken back: a certain no. The reference that it is known by stays its own, for that of its undo names something else.
 * Where nobody knew what became of it, the undo's amount tells whether there was anything to take back.
 */
export function undone(standing: Standing, answer: Answer): Change {
  const tell: Told = { outcome: 'DECLINED', reason: standing.undo?.reason ?? 'OTHER' };
  const proven = answer.kind === 'PROCESSED' && BigInt(answer.amount.amount) > 0n;
  if (proven && tell.reason === 'NO_ANSWER_IN_TIME') {
    tell.amount = answer.amount;
    tell.counterparty = answer.counterparty;
  }
  if (standing.undo !== null && standing.undo.tries > 0) tell.reversalTries = standing.undo.tries;
  return { state: 'DECLINED', dueMs: null, undo: null, needsPerson: false, tell };
}

/** Refused for good: only enquiries are left. */
export function undoRefused({ undo }: Standing, _answer: Answer, at: Circumstances): Change {
  return undo === null ? {} : { undo: { ...undo, refused: true }, dueMs: at.nowMs };
}

/** Nothing certain was learnt: the undo is tried again. */
export function undoAgain(standing: Standing, _answer: Answer, at: Circumstances): Change {
  return { dueMs: at.nowMs + undoBackoffMs(standing.undo?.tries ?? 1, at.factor) };
}

/**
 * A request that never arrived cannot be taken back, and one that is late would be executed after all. Sent again with
 * its id, the network becomes definite: it refuses that id, or executes it, and then there is something to take back.
 */
export function resendToUndo(standing: Standing, answer: Answer, at: Circumstances): Change {
  const alive = isWithinLife(standing.firstSentMs, at.rules.idempotencyLifeMs, at.nowMs);
  const again = undoAgain(standing, answer, at);
  return standing.state === 'PENDING' || !alive ? again : { ...again, state: 'QUEUED', inDoubt: true };
}
