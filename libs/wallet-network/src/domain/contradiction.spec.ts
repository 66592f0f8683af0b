import { aStanding } from '../../testing/standing-builder';
import type { Outcome } from '../outcome';
import { wordOf } from './contradiction';
import { follow, type Source } from './decision';
import type { Circumstances } from './enquiry-plan';
import { nextStep } from './next-step';
import type { Change, Standing } from './standing';

const DAY = 86_400_000;
const amount = { amount: '10200', currency: 'USD' };
const at: Circumstances = {
  nowMs: 1_000,
  rules: {
    callTimeoutMs: 5_000,
    idempotencyLifeMs: DAY,
    enquiry: { delaysMs: [3_000], giveUpAfterMs: DAY, cancelAtEnd: false },
  },
  undoLifeMs: DAY,
  factor: 1,
};
const open = (more: Partial<Standing> = {}): Standing =>
  aStanding({ operation: 'credit', asked: amount, state: 'PENDING', inDoubt: true, planStartMs: 0, ...more });
const DONE = { status: 'SUCCESS' };
const NOT_DONE = { status: 'FAIL' };
const TAKEN_BACK = { status: 'Voided' };
const YES: Outcome = { kind: 'PROCESSED', networkReference: 'ref', amount, counterparty: 'visa' };
const NO: Outcome = { kind: 'DECLINED', reason: 'OTHER' };
const UNDO = { reason: 'PAYER_DID_NOT_CONFIRM', tries: 1, firstSentMs: 0, refused: false } as const;
const after = (standing: Standing, answer: Outcome, source: Source = 'enquiry'): Change =>
  follow(standing, source, answer, at);

describe('an outcome of which the opposite was said before it was certain', () => {
  it.each(['hold', 'collect', 'capture', 'credit', 'release', 'refund'] as const)(
    'of a %s stands, and the network is asked once more before both words are told',
    (operation) => {
      const yes = after(open({ operation, heard: { done: DONE, not_done: NOT_DONE } }), YES);
      expect(yes).toMatchObject({
        state: 'PROCESSED',
        dueMs: at.nowMs,
        heard: null,
        contradiction: { earlier: DONE, later: NOT_DONE },
      });
      const no = after(open({ operation, heard: { done: DONE } }), NO);
      expect(no).toMatchObject({ state: 'DECLINED', dueMs: at.nowMs, contradiction: { earlier: null, later: DONE } });
      for (const change of [yes, no]) {
        const ended = { ...open({ operation }), ...change };
        expect(nextStep(ended, at).do).toBe('enquire');
        const told = after(ended, change.state === 'PROCESSED' ? YES : NO);
        expect(told).toMatchObject({ dueMs: null, contradiction: null, tellContradiction: change.contradiction });
      }
    },
  );

  it('is told as what it is where the network, asked once more, proves the word', () => {
    const no = { ...open(), ...after(open({ heard: { done: DONE } }), NO) };
    const proven = after(no, YES);
    expect(proven).toMatchObject({ state: 'PROCESSED', contradiction: null, tell: { late: true } });
    const held = {
      ...open({ operation: 'hold' }),
      ...after(open({ operation: 'hold', heard: { taken_back: {} } }), YES),
    };
    expect(held.contradiction).toEqual({ earlier: null, later: {} });
    const back = after(held, { ...YES, returned: amount });
    expect(back).toMatchObject({ contradiction: null, returned: amount, tell: { returned: amount } });
  });

  it('and that ended without an exchange is doubted, too', () => {
    const queued = open({ state: 'QUEUED', attempt: 0, inDoubt: false, notAfterMs: 1, heard: { done: DONE } });
    expect(nextStep(queued, at)).toMatchObject({ do: 'end', change: { contradiction: { later: DONE } } });
  });
});

describe('no contradiction', () => {
  const none = (change: Change): void => {
    expect(change).toMatchObject({ heard: null });
    expect(change).not.toHaveProperty('contradiction');
  };

  it('is the same word before, or an answer that is no end', () => {
    none(after(open({ heard: { done: DONE } }), YES));
    none(after(open({ heard: { not_done: NOT_DONE } }), NO));
    for (const kind of ['PENDING', 'UNKNOWN', 'NOT_FOUND'] as const) {
      const change = after(open({ heard: { done: DONE, not_done: NOT_DONE } }), { kind });
      expect(change).not.toHaveProperty('contradiction');
      expect(change).not.toHaveProperty('heard');
    }
    expect(after(open(), YES)).not.toHaveProperty('heard');
  });

  it('is a no to a first call before the yes to a second one of the same id', () => {
    none(after(open({ attempt: 2, heard: { not_done: NOT_DONE } }), YES));
  });

  it('is a yes before a no that we, the network or the term made of it', () => {
    const heard = { done: DONE };
    none(after(open({ operation: 'collect', heard, undo: UNDO }), YES, 'undo'));
    none(after(open({ operation: 'collect', heard, undo: { ...UNDO, refused: true } }), NO));
    none(after(open({ operation: 'hold', heard }), { kind: 'DECLINED', reason: 'HOLD_EXPIRED' }));
    none(after(open({ operation: 'hold', heard }), { ...YES, returned: amount }));
    none(after(open({ heard }), { ...YES, returned: amount }));
  });

  it('is that something was undone, where the yes says so itself, and of a credit where it was done', () => {
    const heard = { taken_back: TAKEN_BACK };
    none(after(open({ operation: 'hold', heard }), { ...YES, returned: { ...amount, amount: '1' } }));
    none(after(open({ heard }), YES));
    none(after(open({ operation: 'hold', heard }), NO));
  });
});

describe('an answer under an old lease, of what is still open', () => {
  it('is a word of the network, where it tells an end', () => {
    expect(wordOf(open(), 'call', YES)).toEqual({
      done: { type: 'late_call', status: 'PROCESSED', id: 'ref', amount: '10200' },
    });
    const no = { ...NO, networkCode: '51' } as Outcome;
    expect(wordOf(open(), 'enquiry', no)).toEqual({
      not_done: { type: 'late_enquiry', status: 'DECLINED', code: '51' },
    });
    for (const kind of ['PENDING', 'UNKNOWN', 'NOT_FOUND'] as const)
      expect(wordOf(open(), 'call', { kind })).toBeNull();
  });

  it('is none where it can be about an earlier call, or about what is being undone', () => {
    expect(wordOf(open({ attempt: 2 }), 'call', NO)).toBeNull();
    expect(wordOf(open({ undo: UNDO }), 'call', YES)).toBeNull();
    expect(wordOf(open(), 'undo', YES)).toBeNull();
    expect(wordOf(open(), 'enquiry', { ...YES, undone: true })).toBeNull();
  });
});
