import type { NotificationFields } from '@gateway/contracts/wallet.network.events.v1';
import type { Answer, Source } from './decision';
import type { Circumstances } from './enquiry-plan';
import { isCertainNo, isFinal, isOfPayer, type Change, type Standing } from './standing';

/**
 * A notification said the opposite of what is certain, and the network was asked; `looked` is what its answer would be to a
 * look without that. Nothing is taken back by a word, so the outcome stands, and both words go to a person. What the network
 * proves is told without them: that something was done after all, or that it has taken it back.
 */
export function weigh(standing: Standing, answer: Answer, looked: Change, at: Circumstances): Change {
  if (answer.kind === 'NOT_STARTED') return { dueMs: at.nowMs };
  const isProven = isTakenBackSince(looked) || (isCertainNo(standing.state) && looked.tell !== undefined);
  if (isProven) return { ...looked, contradiction: null };
  const contradicted = standing.contradiction!;
  return looked.tell === undefined
    ? { ...looked, contradiction: null, tellContradiction: contradicted }
    : { ...looked, contradiction: null, tell: { ...looked.tell, contradicted } };
}

function isTakenBackSince({ returned }: Change): boolean {
  return returned !== undefined && returned !== null;
}

/** Which exchange has ended it; null where its term has, without another one. */
export interface EndedBy {
  source: Source;
  answer: Answer;
}

/**
 * An outcome that is certain now, though the opposite was said before it was. The network's answer decides, as a word proves
 * nothing; but it has said yes and no about one instruction, so it is asked once more, as after a word against what is
 * certain, and what it does not prove then goes to a person with both words.
 */
export function doubted(standing: Standing, change: Change, by: EndedBy | null, at: Circumstances): Change {
  const { heard } = standing;
  if (heard === null || change.state === undefined || !isFinal(change.state)) return change;
  const later = change.state === 'PROCESSED' ? againstYes(standing, change) : againstNo(standing, change, by);
  if (later === undefined) return { ...change, heard: null };
  const earlier = (change.state === 'PROCESSED' ? heard.done : heard.not_done) ?? null;
  return { ...change, heard: null, contradiction: { earlier, later }, dueMs: at.nowMs };
}

/**
 * After a second call of one id a no may be about the first one, which came to nothing; what was taken back is told with the
 * yes where the network says so.
 */
function againstYes(standing: Standing, change: Change): NotificationFields | undefined {
  const { heard, attempt } = standing;
  const takenBack = isOfPayer(standing) && !isTakenBackSince(change) ? heard?.taken_back : undefined;
  return takenBack ?? (attempt <= 1 ? heard?.not_done : undefined);
}

/** Reasons of a no to what had been held or taken, and does not stand any more by itself. */
const OVER: ReadonlySet<string | undefined> = new Set(['HOLD_EXPIRED', 'ALREADY_FINAL']);

/** That it was done is none against a no where it does not stand any more; of anything else so is that it was undone. */
function againstNo(standing: Standing, { tell }: Change, by: EndedBy | null): NotificationFields | undefined {
  const isPayers = isOfPayer(standing);
  if (isUndone(standing, by) || (isPayers && OVER.has(tell?.reason))) return undefined;
  const { done, taken_back: takenBack } = standing.heard ?? {};
  return done ?? (isPayers ? undefined : takenBack);
}

/** By ourselves, or by the network, whose answer then says that it had been done. */
function isUndone({ undo }: Standing, by: EndedBy | null): boolean {
  return undo !== null || by?.source === 'undo' || by?.answer.kind === 'PROCESSED';
}

/**
 * What an answer under an old lease says of an instruction that is still open: no outcome, but a word of the network. A no is
 * one only while there has been one call, as it may be about an earlier one.
 */
export function wordOf({ attempt, undo }: Standing, source: Source, answer: Answer): Standing['heard'] {
  if (source === 'undo' || undo !== null) return null;
  const fields = { type: `late_${source}`, status: answer.kind };
  if (answer.kind === 'PROCESSED' && answer.returned === undefined && answer.undone !== true)
    return { done: { ...fields, id: answer.networkReference, amount: answer.amount.amount } };
  if (answer.kind !== 'DECLINED' || attempt > 1) return null;
  return { not_done: { ...fields, ...(answer.networkCode !== undefined && { code: answer.networkCode }) } };
}
