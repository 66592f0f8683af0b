import type { Answer } from './decision';
import type { Circumstances } from './enquiry-plan';
import { isCertainNo, type Change, type Standing } from './standing';

/**
 * A notification said the opposite of what is certain, and the network was asked; `looked` is what its answer would be to a
 * look without that. Nothing is taken back by a word, so the outcome stands, and both words go to a person. What the network
 * proves is told without them: that something was done after all, or that it has taken it back.
 */
export function weigh(standing: Standing, answer: Answer, looked: Change, at: Circumstances): Change {
  if (answer.kind === 'NOT_STARTED') return { dueMs: at.nowMs };
  const isProven = looked.returned === true || (isCertainNo(standing.state) && looked.tell !== undefined);
  if (isProven) return { ...looked, contradiction: null };
  const contradicted = standing.contradiction!;
  return looked.tell === undefined
    ? { ...looked, contradiction: null, tellContradiction: contradicted }
    : { ...looked, contradiction: null, tell: { ...looked.tell, contradicted } };
}
