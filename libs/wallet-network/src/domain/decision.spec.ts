import { aStanding } from '../../testing/standing-builder';
import type { OperationRules } from '../description';
import { follow, FOLLOWS, FORWARD_TRIES, type Answer, type Source } from './decision';
import type { Circumstances } from './enquiry-plan';
import { nextStep } from './next-step';
import type { Change, InstructionState, Standing } from './standing';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const RULES: OperationRules = {
  callTimeoutMs: 5 * SECOND,
  idempotencyLifeMs: 24 * HOUR,
  enquiry: { delaysMs: [3 * SECOND, 10 * SECOND], giveUpAfterMs: HOUR, cancelAtEnd: false },
};
const USD = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'USD' });
const at = (nowMs: number, rules: Partial<OperationRules['enquiry']> = {}): Circumstances => ({
  nowMs,
  rules: { ...RULES, enquiry: { ...RULES.enquiry, ...rules } },
  undoLifeMs: 24 * HOUR,
  factor: 1,
});
const standing = (more: Partial<Standing> = {}): Standing => aStanding({ notAfterMs: 5 * 60 * SECOND, ...more });
const yes = (amount = USD('10200')): Answer => ({
  kind: 'PROCESSED',
  networkReference: 'ref',
  amount,
  counterparty: 'visa',
});
const UNDO = { reason: 'PAYER_DID_NOT_CONFIRM', tries: 1, firstSentMs: 0, refused: false } as const;
const answers: Record<Answer['kind'], Answer> = {
  PROCESSED: yes(),
  DECLINED: { kind: 'DECLINED', reason: 'INSUFFICIENT_FUNDS', networkCode: '51' },
  NOT_SUBMITTED: { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' },
  PENDING: { kind: 'PENDING' },
  UNKNOWN: { kind: 'UNKNOWN' },
  NOT_FOUND: { kind: 'NOT_FOUND' },
  NOT_STARTED: { kind: 'NOT_STARTED' },
};

describe('what follows which answer', () => {
  type Row = [Source, Partial<Standing>, Answer['kind'], Partial<Change>];
  const rows: Row[] = [
    ['call', {}, 'PROCESSED', { state: 'PROCESSED', dueMs: null }],
    ['call', {}, 'DECLINED', { state: 'DECLINED', dueMs: null }],
    ['call', {}, 'NOT_SUBMITTED', { state: 'QUEUED', dueMs: 500 }],
    ['call', { inDoubt: true }, 'NOT_SUBMITTED', { state: 'UNKNOWN', inDoubt: true }],
    ['call', { attempt: 30 }, 'NOT_SUBMITTED', { state: 'QUEUED', dueMs: 30 * SECOND }],
    [
      'call',
      { notAfterMs: 400 },
      'NOT_SUBMITTED',
      { state: 'NOT_SUBMITTED', tell: { outcome: 'NOT_SUBMITTED', reason: 'NOT_AFTER_PASSED' } },
    ],
    ['call', { notAfterMs: null, attempt: FORWARD_TRIES }, 'NOT_SUBMITTED', { state: 'NOT_SUBMITTED' }],
    ['call', { operation: 'capture', notAfterMs: null, attempt: 99 }, 'NOT_SUBMITTED', { state: 'QUEUED' }],
    ['call', {}, 'PENDING', { state: 'PENDING', inDoubt: true, dueMs: 3 * SECOND, planStartMs: 0 }],
    ['call', {}, 'UNKNOWN', { state: 'UNKNOWN', inDoubt: true, dueMs: 3 * SECOND, planStartMs: 0 }],
    ['call', {}, 'NOT_FOUND', { state: 'UNKNOWN', inDoubt: true }],
    ['call', {}, 'NOT_STARTED', { state: 'QUEUED', dueMs: 0 }],
    ['enquiry', { state: 'UNKNOWN', planStartMs: 0 }, 'PROCESSED', { state: 'PROCESSED' }],
    ['enquiry', { state: 'PENDING', planStartMs: 0 }, 'DECLINED', { state: 'DECLINED' }],
    ['enquiry', { state: 'UNKNOWN', planStartMs: 0 }, 'NOT_SUBMITTED', { state: 'UNKNOWN', dueMs: 10 * SECOND }],
    ['enquiry', { state: 'PENDING', planStartMs: 0 }, 'UNKNOWN', { state: 'PENDING', dueMs: 10 * SECOND }],
    ['enquiry', { state: 'UNKNOWN', planStartMs: 0 }, 'NOT_FOUND', { state: 'QUEUED', inDoubt: true, dueMs: 0 }],
    ['enquiry', { state: 'PENDING', planStartMs: 0 }, 'NOT_FOUND', { state: 'PENDING' }],
    ['enquiry', { state: 'UNKNOWN', undo: { ...UNDO, refused: true } }, 'NOT_FOUND', { state: 'UNKNOWN' }],
    ['enquiry', { state: 'UNKNOWN' }, 'NOT_STARTED', { dueMs: 0 }],
    ['undo', { state: 'PENDING', undo: UNDO }, 'PROCESSED', { state: 'DECLINED', undo: null }],
    ['undo', { state: 'PENDING', undo: UNDO }, 'DECLINED', { undo: { ...UNDO, refused: true }, dueMs: 0 }],
    ['undo', { state: 'PENDING', undo: UNDO }, 'UNKNOWN', { dueMs: 3 * SECOND }],
    ['undo', { state: 'PENDING', undo: UNDO }, 'NOT_FOUND', { dueMs: 3 * SECOND }],
    ['undo', { state: 'UNKNOWN', undo: UNDO }, 'NOT_FOUND', { state: 'QUEUED', inDoubt: true, dueMs: 3 * SECOND }],
    ['undo', { state: 'UNKNOWN', undo: UNDO, firstSentMs: -24 * HOUR }, 'NOT_FOUND', { dueMs: 3 * SECOND }],
    ['call', { undo: UNDO }, 'PROCESSED', { state: 'UNKNOWN', dueMs: 0 }],
    ['call', { undo: UNDO }, 'DECLINED', { state: 'DECLINED', undo: null, dueMs: null }],
    ['call', { undo: UNDO }, 'NOT_SUBMITTED', { state: 'UNKNOWN', dueMs: 3 * SECOND }],
    ['call', { undo: UNDO }, 'UNKNOWN', { state: 'UNKNOWN', dueMs: 3 * SECOND }],
    ['call', { undo: UNDO }, 'PENDING', { state: 'PENDING', dueMs: 3 * SECOND }],
    ['call', { undo: UNDO }, 'NOT_STARTED', { state: 'QUEUED', dueMs: 0 }],
  ];

  it.each(rows)('%s of %j answered %s: %j', (source, more, kind, change) => {
    expect(follow(standing(more), source, answers[kind], at(0))).toMatchObject(change);
  });

  it('answers every kind of answer to every exchange in every state, and leaves nothing open without a due time', () => {
    const states: InstructionState[] = [
      'QUEUED',
      'SENT',
      'PENDING',
      'UNKNOWN',
      'PROCESSED',
      'DECLINED',
      'NOT_SUBMITTED',
    ];
    for (const source of Object.keys(FOLLOWS) as Source[]) {
      for (const state of states) {
        for (const answer of Object.values(answers)) {
          const before = standing({ state, ...(source === 'undo' && { undo: UNDO }) });
          const change = follow(before, source, answer, at(10 * SECOND));
          const after = { ...before, ...change };
          const ended = ['PROCESSED', 'DECLINED', 'NOT_SUBMITTED'].includes(after.state);
          expect([source, state, answer.kind, ended || after.dueMs !== null]).toEqual([
            source,
            state,
            answer.kind,
            true,
          ]);
        }
      }
    }
  });

  it('takes back a hold of another amount, and is a conflict on everything else', () => {
    const partial = yes(USD('5000'));
    expect(follow(standing(), 'call', partial, at(0))).toMatchObject({
      state: 'UNKNOWN',
      undo: { reason: 'PARTIAL_APPROVAL' },
    });
    for (const operation of ['collect', 'capture', 'credit'] as const) {
      expect(follow(standing({ operation }), 'call', partial, at(0)).tell).toMatchObject({
        outcome: 'PROCESSED',
        amountConflict: true,
      });
    }
    expect(
      follow(standing({ operation: 'credit' }), 'call', yes({ amount: '10200', currency: 'CNY' }), at(0)).tell,
    ).toMatchObject({
      amountConflict: true,
    });
  });

  it('ends the plan with a person, or with a cancel where the plan says so', () => {
    const open = standing({ operation: 'collect', state: 'UNKNOWN', planStartMs: 0 });
    expect(follow(open, 'enquiry', answers.UNKNOWN, at(HOUR))).toMatchObject({
      needsPerson: true,
      tell: { outcome: 'UNKNOWN', needsPerson: true },
    });
    const cancelled = (more: Partial<Standing>): Change =>
      follow({ ...open, ...more }, 'enquiry', answers.UNKNOWN, at(HOUR, { cancelAtEnd: true }));
    expect(cancelled({})).toMatchObject({ undo: { reason: 'NO_ANSWER_IN_TIME' }, dueMs: HOUR });
    const payerAction = { type: 'confirm_in_app', value: 'wallet://pay' };
    for (const waits of [{ state: 'PENDING' as const }, { payerAction }])
      expect(cancelled(waits)).toMatchObject({ undo: { reason: 'PAYER_DID_NOT_CONFIRM' }, dueMs: HOUR });
    expect(nextStep({ ...open, undo: UNDO }, at(HOUR))).toEqual({ do: 'undo' });
  });

  it('makes the network definite about a request that it never got: sends it again, and takes it back', () => {
    let now = standing({ operation: 'collect', state: 'UNKNOWN', inDoubt: true, planStartMs: 0, undo: UNDO });
    const then = (source: Source, answer: Answer): void => {
      now = { ...now, ...follow(now, source, answer, at(HOUR)) };
    };
    then('undo', answers.NOT_FOUND);
    expect(nextStep(now, at(HOUR))).toEqual({ do: 'call' });
    then('call', answers.PROCESSED);
    expect(now).toMatchObject({ state: 'UNKNOWN', undo: UNDO });
    expect(nextStep(now, at(HOUR))).toEqual({ do: 'undo' });
    then('undo', answers.PROCESSED);
    expect(now).toMatchObject({ state: 'DECLINED', undo: null });
  });

  it('asks last at the very end of the plan', () => {
    const open = standing({ state: 'PENDING', planStartMs: 0, enquiries: 9 });
    expect(follow(open, 'enquiry', answers.PENDING, at(HOUR - SECOND)).dueMs).toBe(HOUR);
  });

  it('declines what the network took back before anybody knew of it, with what had been taken of the payer', () => {
    const back = { ...yes(), returned: USD('10200'), undone: true } as Answer;
    const hold = follow(standing({ state: 'UNKNOWN' }), 'enquiry', back, at(0));
    expect(hold).toMatchObject({
      state: 'DECLINED',
      tell: { reason: 'TAKEN_BACK', amount: USD('10200'), counterparty: 'visa' },
    });
    const credit = follow(standing({ operation: 'credit', state: 'UNKNOWN' }), 'enquiry', back, at(0));
    expect(credit).toMatchObject({ state: 'DECLINED', tell: { reason: 'PAYEE_ACCOUNT_INVALID' } });
    expect(credit.tell).not.toHaveProperty('amount');
    expect(follow(standing({ state: 'DECLINED' }), 'enquiry', back, at(0))).toEqual({ dueMs: null });
  });

  it('tells a notification against a certain no, unless the network proves it', () => {
    const contradiction = { earlier: { status: 'FAIL' }, later: { status: 'SUCCESS' } };
    const refused = standing({ operation: 'refund', state: 'DECLINED', contradiction });
    expect(follow(refused, 'enquiry', answers.DECLINED, at(0))).toEqual({
      dueMs: null,
      contradiction: null,
      tellContradiction: contradiction,
    });
    const proven = follow(refused, 'enquiry', yes(), at(0));
    expect(proven).toMatchObject({ state: 'PROCESSED', contradiction: null, tell: { late: true } });
    expect(proven.tell).not.toHaveProperty('contradicted');
  });

  it('changes a final no by proof of the opposite alone', () => {
    const declined = standing({ state: 'DECLINED' });
    for (const kind of ['DECLINED', 'NOT_FOUND'] as const)
      expect(follow(declined, 'enquiry', answers[kind], at(0))).toEqual({ dueMs: null });
    expect(follow(declined, 'enquiry', yes(), at(0))).toMatchObject({ state: 'PROCESSED', tell: { late: true } });
    expect(follow(declined, 'enquiry', { ...yes(), undone: true } as Answer, at(0))).toEqual({ dueMs: null });
    expect(follow(standing({ state: 'UNKNOWN' }), 'enquiry', yes(), at(0)).tell).not.toHaveProperty('late');
    const captured = standing({ operation: 'capture', state: 'PROCESSED' });
    expect(follow(captured, 'enquiry', answers.DECLINED, at(0))).toEqual({ dueMs: null });
  });
});

describe('a certain no that a notification has had asked about', () => {
  const declined = standing({ state: 'DECLINED', dueMs: 0 });

  it.each(['UNKNOWN', 'NOT_SUBMITTED', 'PENDING'] as const)(
    'is asked about again where the network says %s: the notification will not come again',
    (kind) => {
      const change = follow(declined, 'enquiry', answers[kind], at(7));
      expect(change).toEqual({ enquiries: 1, dueMs: expect.any(Number) as number });
      expect(change.dueMs).toBeGreaterThan(7);
    },
  );

  it('is asked about at once where the exchange was not begun', () => {
    expect(follow(declined, 'enquiry', answers.NOT_STARTED, at(7))).toEqual({ dueMs: 7 });
  });

  it('is told with both words where the network does not answer, and goes on being asked about', () => {
    const contradiction = { earlier: null, later: { status: 'SUCCESS' } };
    const refused = { ...declined, operation: 'refund', contradiction } as const;
    const change = follow(refused, 'enquiry', answers.UNKNOWN, at(7));
    expect(change).toMatchObject({ contradiction: null, tellContradiction: contradiction });
    expect(change.dueMs).toBeGreaterThan(7);
  });
});

describe('what was taken back because nobody could tell of it', () => {
  const reason = 'NO_ANSWER_IN_TIME';
  const open = standing({ state: 'UNKNOWN', undo: { ...UNDO, reason } });

  it('is a no, with the amount that the network proved to have held, under its own reference, and how often it was tried', () => {
    const { tell } = follow({ ...open, undo: { ...UNDO, reason, tries: 3 } }, 'undo', yes(), at(0));
    expect(tell).toEqual({ outcome: 'DECLINED', reason, amount: USD('10200'), counterparty: 'visa', reversalTries: 3 });
  });

  it('without an amount where there was nothing to take back, or where the payer was waited for', () => {
    expect(follow(open, 'undo', yes(USD('0')), at(0)).tell).toEqual({ outcome: 'DECLINED', reason, reversalTries: 1 });
    expect(follow({ ...open, undo: UNDO }, 'undo', yes(), at(0)).tell).not.toHaveProperty('amount');
  });
});

describe('a certain yes that a notification speaks against', () => {
  const contradiction = { earlier: { status: 'SUCCESS' }, later: { status: 'FAIL' } };
  const told = { contradiction: null, tellContradiction: contradiction };
  const contradicted = (operation: Standing['operation']): Standing =>
    standing({ operation, state: 'PROCESSED', dueMs: 0, contradiction });

  it.each(['hold', 'collect', 'capture', 'credit', 'release', 'refund'] as const)(
    'of a %s has the network asked, stands whatever it says, and is told with both words',
    (operation) => {
      expect(nextStep(contradicted(operation), at(0)).do).toBe('enquire');
      for (const kind of ['PROCESSED', 'DECLINED', 'PENDING', 'NOT_FOUND', 'UNKNOWN'] as const) {
        const change = follow(contradicted(operation), 'enquiry', answers[kind], at(0));
        expect(change).toMatchObject(told);
        expect(change.state).toBeUndefined();
      }
      const after = { ...contradicted(operation), contradiction: null, returned: USD('10200') };
      const sequel = operation === 'hold' || operation === 'collect' ? 'enquire' : 'nothing';
      expect(nextStep(after, at(0)).do).toBe(sequel);
    },
  );

  it('of a credit that came back is no contradiction: it came back', () => {
    const back = { ...(yes() as object), returned: USD('10200') } as Answer;
    const change = follow(contradicted('credit'), 'enquiry', back, at(0));
    expect(change).toMatchObject({ contradiction: null, returned: USD('10200') });
    expect(change).not.toHaveProperty('tellContradiction');
  });

  it('is asked again where the exchange was not begun', () => {
    expect(follow(contradicted('capture'), 'enquiry', answers.NOT_STARTED, at(7))).toEqual({ dueMs: 7 });
  });
});

describe('a credit that has been processed', () => {
  const credited = standing({ operation: 'credit', state: 'PROCESSED', dueMs: 0 });
  const back = { ...(yes() as object), returned: USD('10200') } as Answer;

  it('is enquired about when a notification has made it due, and so is what can be disputed, but nothing else', () => {
    expect(nextStep(credited, at(0)).do).toBe('enquire');
    expect(nextStep({ ...credited, returned: USD('10200') }, at(0)).do).toBe('nothing');
    for (const operation of ['capture', 'release', 'refund', 'represent', 'accept'] as const) {
      expect(nextStep({ ...credited, operation }, at(0)).do).toBe('nothing');
    }
    for (const operation of ['hold', 'collect'] as const) {
      expect(nextStep({ ...credited, operation }, at(0)).do).toBe('enquire');
    }
  });

  it('has come back when the network says so, and stays PROCESSED', () => {
    const change = follow(credited, 'enquiry', back, at(0));
    expect(change).toMatchObject({
      returned: USD('10200'),
      dueMs: null,
      tell: { outcome: 'PROCESSED', amount: USD('10200'), returned: USD('10200') },
    });
    expect(change.state).toBeUndefined();
    expect(follow({ ...credited, returned: USD('10200') }, 'enquiry', back, at(0))).toEqual({ dueMs: null });
  });

  it('is never changed by anything else, and asked again only where nothing was learnt', () => {
    for (const kind of ['PROCESSED', 'PENDING', 'NOT_FOUND'] as const) {
      expect(follow(credited, 'enquiry', answers[kind], at(0))).toEqual({ dueMs: null, enquiries: 0 });
    }
    for (const kind of ['UNKNOWN', 'NOT_SUBMITTED'] as const) {
      expect(follow(credited, 'enquiry', answers[kind], at(0))).toEqual({ dueMs: 3 * SECOND, enquiries: 1 });
    }
    expect(follow({ ...credited, enquiries: 40 }, 'enquiry', answers.UNKNOWN, at(0)).dueMs).toBe(10 * SECOND);
    expect(follow(credited, 'enquiry', answers.NOT_STARTED, at(7))).toEqual({ dueMs: 7 });
  });

  it('that the network itself denies when it is asked stands, and its two words are told', () => {
    const denied = follow(credited, 'enquiry', answers.DECLINED, at(0));
    expect(denied).toMatchObject({ dueMs: null, enquiries: 0 });
    expect(denied.tellContradiction).toMatchObject({ earlier: null, later: { type: 'enquiry', status: 'DECLINED' } });
    expect(denied.state).toBeUndefined();
  });

  it('is a decline where it came back before anybody knew of it: nothing is credited', () => {
    for (const state of ['SENT', 'PENDING', 'UNKNOWN', 'DECLINED'] as const) {
      const change = follow(standing({ operation: 'credit', state }), 'enquiry', back, at(0));
      expect([state, change.tell?.outcome]).toEqual([state, 'DECLINED']);
    }
  });
});

describe('what is done with an instruction that is due', () => {
  it.each<[Partial<Standing>, number, ReturnType<typeof nextStep>['do']]>([
    [{ state: 'QUEUED', attempt: 0, firstSentMs: null }, 0, 'call'],
    [{ state: 'QUEUED', attempt: 0, firstSentMs: null }, HOUR, 'end'],
    [{ state: 'QUEUED', inDoubt: true }, HOUR, 'call'],
    [{ state: 'QUEUED', inDoubt: true }, 23 * HOUR, 'enquire'],
    [{ state: 'QUEUED', operation: 'capture', notAfterMs: null }, 23 * HOUR, 'end'],
    [{ state: 'SENT' }, 0, 'enquire'],
    [{ state: 'SENT', undo: UNDO }, 0, 'undo'],
    [{ state: 'PENDING' }, 0, 'enquire'],
    [{ state: 'UNKNOWN', undo: UNDO }, HOUR, 'undo'],
    [{ state: 'UNKNOWN', undo: UNDO }, 23 * HOUR, 'enquire'],
    [{ state: 'UNKNOWN', undo: { ...UNDO, refused: true } }, 0, 'enquire'],
    [{ state: 'DECLINED' }, 0, 'enquire'],
    [{ state: 'PROCESSED', operation: 'capture' }, 0, 'nothing'],
    [{ state: 'PROCESSED' }, 0, 'enquire'],
    [{ state: 'TOMBSTONE' }, 0, 'nothing'],
  ])('%j at %d: %s', (more, nowMs, step) => {
    expect(nextStep(standing(more), at(nowMs)).do).toBe(step);
  });
});
