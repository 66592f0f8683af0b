import { doubted } from './contradiction';
import { isWithinLife, type Circumstances } from './enquiry-plan';
import { isContradicted, mayHaveSequel, notSubmitted, type Change, type Standing } from './standing';
import { isBeingUndone } from './undo';

/** What is to be done with an instruction that is due. */
export type Step = { do: 'call' | 'enquire' | 'undo' | 'nothing' } | { do: 'end'; change: Change };

const CALL: Step = { do: 'call' };
const ENQUIRE: Step = { do: 'enquire' };
const NOTHING: Step = { do: 'nothing' };

/** The next step of an instruction that is due and that nobody holds a lease on. */
export function nextStep(standing: Standing, at: Circumstances): Step {
  switch (standing.state) {
    case 'QUEUED':
      return queuedStep(standing, at);
    case 'PENDING':
    case 'UNKNOWN':
    case 'SENT': // Its lease is over: whether it left is not known.
      return undoStep(standing, at) ?? ENQUIRE;
    case 'DECLINED': // Evidence contradicts the no: asked once more.
    case 'NOT_SUBMITTED':
      return ENQUIRE;
    case 'PROCESSED':
    case 'TOMBSTONE':
      return endedStep(standing);
  }
}

function endedStep(standing: Standing): Step {
  return mayHaveSequel(standing) || isContradicted(standing) ? ENQUIRE : NOTHING;
}

function queuedStep(standing: Standing, at: Circumstances): Step {
  const { attempt, inDoubt, notAfterMs } = standing;
  if (attempt > 0 && !isWithinLife(standing.firstSentMs, at.rules.idempotencyLifeMs, at.nowMs)) {
    return inDoubt ? ENQUIRE : ended(standing, 'REFUSED_BEFORE_ACCEPTANCE', at);
  }
  const tooLate = !inDoubt && notAfterMs !== null && at.nowMs >= notAfterMs;
  return tooLate ? ended(standing, 'NOT_AFTER_PASSED', at) : CALL;
}

/** It has ended without another exchange. */
function ended(standing: Standing, reason: 'REFUSED_BEFORE_ACCEPTANCE' | 'NOT_AFTER_PASSED', at: Circumstances): Step {
  return { do: 'end', change: doubted(standing, notSubmitted({ reason }), null, at) };
}

function undoStep(standing: Standing, at: Circumstances): Step | null {
  if (!isBeingUndone(standing)) return null;
  return isWithinLife(standing.undo?.firstSentMs ?? null, at.undoLifeMs, at.nowMs) ? { do: 'undo' } : null;
}
