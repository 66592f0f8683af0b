import type { Standing } from '../src/domain/standing';

/** An instruction that was sent once and has had no answer, in a network's own words nothing yet: a test says what differs. */
export function aStanding(more: Partial<Standing> = {}): Standing {
  return {
    operation: 'hold',
    asked: { amount: '10200', currency: 'USD' },
    state: 'SENT',
    attempt: 1,
    inDoubt: false,
    enquiries: 0,
    planStartMs: null,
    dueMs: 0,
    firstSentMs: 0,
    notAfterMs: null,
    undo: null,
    needsPerson: false,
    returned: null,
    contradiction: null,
    heard: null,
    targetOpen: false,
    ...more,
  };
}
