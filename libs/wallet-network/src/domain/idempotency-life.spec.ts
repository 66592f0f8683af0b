import { assert, array, constantFrom, integer, property, record } from 'fast-check';
import { WALLET_OPERATIONS } from '@gateway/contracts/wallet.network.commands.v1';
import { aStanding } from '../../testing/standing-builder';
import { follow, type Answer, type Source } from './decision';
import { nextStep } from './next-step';
import { leasedFor } from './leased-standing';
import type { Circumstances } from './enquiry-plan';
import { isFinal, type Standing } from './standing';

const LIFE_MS = 24 * 3_600_000;
const YES: Answer = {
  kind: 'PROCESSED',
  networkReference: 'r',
  amount: { amount: '100', currency: 'USD' },
  counterparty: 'visa',
};
const ANSWERS: readonly (Answer | 'crash')[] = [
  YES,
  { ...YES, amount: { amount: '50', currency: 'USD' } },
  { kind: 'DECLINED', reason: 'OTHER' },
  { kind: 'NOT_SUBMITTED', reason: 'OTHER' },
  { kind: 'PENDING' },
  { kind: 'UNKNOWN' },
  { kind: 'NOT_FOUND' },
  { kind: 'NOT_STARTED' },
  'crash',
];
const UNTIL_DUE = -1;
const move = record({
  answer: constantFrom(...ANSWERS),
  laterMs: constantFrom(UNTIL_DUE, UNTIL_DUE, UNTIL_DUE, 0, 60_000, 3_600_000, LIFE_MS, 3 * LIFE_MS),
});

interface Called {
  source: Source;
  nowMs: number;
  firstMs: number;
}

/** Plays answers, crashes and waits against the decisions, as the runtime does, and notes every exchange. */
function play(
  operation: Standing['operation'],
  cancelAtEnd: boolean,
  moves: { answer: Answer | 'crash'; laterMs: number }[],
): Called[] {
  let nowMs = 0;
  let standing = aStanding({
    operation,
    asked: { amount: '100', currency: 'USD' },
    state: 'QUEUED',
    attempt: 0,
    firstSentMs: null,
    notAfterMs: 300_000,
  });
  const called: Called[] = [];
  for (const { answer, laterMs } of moves) {
    if (isFinal(standing.state) || standing.dueMs === null) break;
    nowMs = Math.max(nowMs, laterMs === UNTIL_DUE ? standing.dueMs : nowMs + laterMs);
    if (standing.dueMs > nowMs) continue;
    const at: Circumstances = {
      nowMs,
      rules: {
        callTimeoutMs: 5_000,
        idempotencyLifeMs: LIFE_MS,
        enquiry: { delaysMs: [3_000, 60_000], giveUpAfterMs: 3 * LIFE_MS, cancelAtEnd },
      },
      undoLifeMs: LIFE_MS,
      factor: 1,
    };
    const step = nextStep(standing, at);
    if (step.do === 'nothing') break;
    if (step.do === 'end') {
      standing = { ...standing, ...step.change };
      continue;
    }
    const source: Source = step.do === 'enquire' ? 'enquiry' : step.do;
    standing = leasedFor(standing, source, nowMs);
    const firstMs = (source === 'undo' ? standing.undo?.firstSentMs : standing.firstSentMs) ?? nowMs;
    called.push({ source, nowMs, firstMs });
    // A crash leaves the lease to run out: the row is found again as it was written.
    if (answer !== 'crash') standing = { ...standing, ...follow(standing, source, answer, at) };
  }
  return called;
}

const runs = property(
  constantFrom(...WALLET_OPERATIONS),
  integer({ min: 0, max: 1 }),
  array(move, { minLength: 1, maxLength: 60 }),
  (operation, cancel, moves) => {
    const called = play(operation, cancel === 1, moves);
    return called.every(({ source, nowMs, firstMs }) => source === 'enquiry' || nowMs - firstMs < LIFE_MS);
  },
);

describe('the life of an id', () => {
  it('is never outlived by a call: no sequence of answers, crashes and waits moves money again under a forgotten id', () => {
    assert(runs, { numRuns: 3_000, seed: 20261125 });
  });

  it('the runs reach repeats, undos and enquiries, so that the property is not empty', () => {
    const wait = { laterMs: UNTIL_DUE };
    const repeated = play('credit', false, [
      { answer: { kind: 'UNKNOWN' }, ...wait },
      { answer: { kind: 'NOT_FOUND' }, ...wait },
      { answer: { kind: 'UNKNOWN' }, ...wait },
    ]);
    expect(repeated.map(({ source }) => source)).toEqual(['call', 'enquiry', 'call']);
    const partial = play('hold', false, [
      { answer: { ...YES, amount: { amount: '50', currency: 'USD' } }, ...wait },
      { answer: 'crash', ...wait },
      { answer: YES, ...wait },
    ]);
    expect(partial.map(({ source }) => source)).toEqual(['call', 'undo', 'undo']);
    const late = play('credit', false, [
      { answer: 'crash', ...wait },
      { answer: { kind: 'NOT_FOUND' }, laterMs: LIFE_MS },
      { answer: { kind: 'NOT_FOUND' }, laterMs: LIFE_MS },
    ]);
    expect(late.map(({ source }) => source)).toEqual(['call', 'enquiry', 'enquiry']);
  });
});
