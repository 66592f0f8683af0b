import type { Answer } from './decision';
import type { Circumstances } from './enquiry-plan';
import { lookBack } from './sequel';
import { mayHaveSequel, type Change, type Standing } from './standing';

const LOOKED: Change = { dueMs: null, enquiries: 0 };

/**
 * A notification said the opposite of what is certain, and the network was asked: nothing is taken back by a word, so the
 * outcome stands, and both words go to a person. A credit that came back is no contradiction.
 */
export function weigh(standing: Standing, answer: Answer, at: Circumstances): Change {
  if (answer.kind === 'NOT_STARTED') return { dueMs: at.nowMs };
  const looked = mayHaveSequel(standing) ? lookBack(standing, answer, at) : LOOKED;
  if (looked.returned) return { ...looked, contradiction: null };
  const contradicted = standing.contradiction!;
  return looked.tell === undefined
    ? { ...looked, contradiction: null, tellContradiction: contradicted }
    : { ...looked, contradiction: null, tell: { ...looked.tell, contradicted } };
}
