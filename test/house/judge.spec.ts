import type { BookedMovement, Evidence, LedgerSum, PaymentRow } from '../crash/evidence';
import { booksThatDiffer, doubledMoney, doubledMovements, lostMoney } from '../crash/money-judge';
import { contradictionsUntold, takenBackUntold, takenBackWronglyBooked } from '../crash/network-judge';
import { contradictionsIn, type SentNotification } from '../crash/said';
import type { ExecutedMovement } from '../crash/world';

const ID = 'pay_1';
const TOTAL = '10200';
const TARGET = '71000';

interface Run {
  state: string;
  executed: ExecutedMovement[];
  booked: string[];
  ledger?: string[];
  cases?: [string, string][];
  returned?: string;
  card?: string;
  said?: { reference: string; at: Date }[];
}

function moved(network: string, operation: string, leg: string, sign: number, takenBack = false): ExecutedMovement {
  const [amount, currency] = network === 'acquirer' ? [TOTAL, 'USD'] : [TARGET, 'CNY'];
  return { network, operation, reference: `${ID}-${leg}`, amount, currency, sign, taken_back: takenBack };
}

const HELD = moved('acquirer', 'authorize', 'hold', 0);
const CREDITED = moved('open_platform', 'transfer', 'credit', 1);
const CAPTURED = moved('acquirer', 'capture', 'capture', -1);
const TAKEN_BACK = moved('acquirer', 'refund', 'hold', 1, true);
const FREED = moved('acquirer', 'void', 'hold', 0, true);
const RETURNED = moved('open_platform', 'return', 'credit', -1, true);
const BOOKED = ['hold hold', 'credit credit', 'capture capture'];

/** A run of one payment, as far as the judges of money and networks look at it. */
function evidenceOf({
  state,
  executed,
  booked,
  ledger = [],
  cases = [],
  returned,
  card = 'approve',
  said = [],
}: Run): Evidence {
  const payment = {
    payment_id: ID,
    state,
    source_currency: 'USD',
    total_source: TOTAL,
    target_currency: 'CNY',
    target: TARGET,
  };
  const money = booked.map((one): BookedMovement => {
    const [operation = '', leg = ''] = one.split(' ');
    const [amount, currency] = ['credit', 'return'].includes(operation) ? [TARGET, 'CNY'] : [TOTAL, 'USD'];
    return { booking_id: '1', payment_id: ID, instruction_id: `${ID}-${leg}`, operation, amount, currency };
  });
  const changes = [{ fact: 'source_processed', from: 'AUTHORISING', to: 'AUTHORISED' }];
  return {
    load: { accepted: [{ id: ID, order: { card }, sourceTotal: TOTAL, target: TARGET }] },
    payments: new Map([[ID, payment as PaymentRow]]),
    executed: new Map([[ID, executed]]),
    executedInAll: executed.length,
    booked: new Map([[ID, money]]),
    ledger: ledger.map((one): LedgerSum => {
      const [account = '', balance = '', currency = ''] = one.split(' ');
      return { payment_id: ID, account, balance, currency };
    }),
    cases: new Map([[ID, cases.map(([kind, leg]) => ({ payment_id: ID, kind, instruction_id: `${ID}-${leg}` }))]]),
    returned: new Map(returned === undefined ? [] : [[ID, [{ payment_id: ID, amount: returned, currency: 'CNY' }]]]),
    contradicted: new Map([[ID, said]]),
    changes: new Map([[ID, [{ state, sequence: 1, at: new Date(1_000), changes }]]]),
  } as unknown as Evidence;
}

const CHECKS = [
  doubledMovements,
  doubledMoney,
  lostMoney,
  booksThatDiffer,
  takenBackWronglyBooked,
  takenBackUntold,
  contradictionsUntold,
];
const problems = (run: Run): string[] => CHECKS.flatMap((check) => check(evidenceOf(run)));

const COMPLETED: Run = { state: 'COMPLETED', executed: [HELD, CREDITED, CAPTURED], booked: BOOKED };
const TAKEN_BACK_RIGHTLY: Run = {
  state: 'COMPLETED',
  executed: [HELD, CREDITED, CAPTURED, TAKEN_BACK],
  booked: [...BOOKED, 'release hold'],
  ledger: [`1350 ${TOTAL} USD`],
  cases: [['source_taken_back', 'hold']],
};
const RETURNED_RIGHTLY: Run = {
  state: 'COMPLETED',
  executed: [HELD, CREDITED, CAPTURED, RETURNED],
  booked: [...BOOKED, 'return credit'],
  ledger: [`2050 -${TARGET} CNY`],
  returned: TARGET,
};
const FREED_RIGHTLY: Run = {
  state: 'CAPTURE_LOST',
  executed: [HELD, CREDITED, FREED],
  booked: ['hold hold', 'credit credit'],
  ledger: [`1350 ${TOTAL} USD`],
  cases: [
    ['source_taken_back', 'hold'],
    ['capture_lost', 'capture'],
  ],
};
const SAID = [{ reference: `${ID}-hold`, at: new Date(2_000) }];
const CONTRADICTED_RIGHTLY: Run = { ...COMPLETED, said: SAID, cases: [['notification_conflict', 'hold']] };

describe('the judge of a run', () => {
  it.each([
    ['a payment that is paid and charged', COMPLETED],
    ['what the payer’s network took back, booked and with a case', TAKEN_BACK_RIGHTLY],
    ['a credit that came back, owed once more', RETURNED_RIGHTLY],
    ['a hold that its network freed, lost with both cases', FREED_RIGHTLY],
    [
      'a hold that was taken back before the credit was refused',
      { state: 'REVERSED', executed: [HELD, FREED], booked: ['hold hold', 'release hold'] },
    ],
    [
      'a capture that the acquirer declines',
      { ...FREED_RIGHTLY, card: 'capture_declined', executed: [HELD, CREDITED], cases: [['capture_lost', 'capture']] },
    ],
    ['a contradiction with its case', CONTRADICTED_RIGHTLY],
    ['a no before anything was certain', { ...COMPLETED, said: [{ reference: `${ID}-hold`, at: new Date(500) }] }],
  ] as [string, Run][])('lets pass %s', (_what, run) => {
    expect(problems(run)).toEqual([]);
  });

  it.each([
    [
      'money given back that nobody but us took back',
      { ...TAKEN_BACK_RIGHTLY, executed: [HELD, CREDITED, CAPTURED, { ...TAKEN_BACK, taken_back: false }] },
    ],
    ['what was taken back and not booked', { ...TAKEN_BACK_RIGHTLY, booked: BOOKED, ledger: [] }],
    ['what was taken back and is not to be recovered', { ...TAKEN_BACK_RIGHTLY, ledger: [] }],
    ['what was taken back without a case', { ...TAKEN_BACK_RIGHTLY, cases: [] }],
    ['a case of something that nobody took back', { ...COMPLETED, cases: [['source_taken_back', 'hold']] }],
    ['a recovery of something that nobody took back', { ...COMPLETED, ledger: [`1350 ${TOTAL} USD`] }],
    ['a credit that came back and is owed to nobody', { ...RETURNED_RIGHTLY, ledger: [] }],
    ['a credit that came back unheard', { ...RETURNED_RIGHTLY, returned: undefined, booked: BOOKED, ledger: [] }],
    [
      'a credit that came back and was given again by itself',
      {
        ...RETURNED_RIGHTLY,
        executed: [...RETURNED_RIGHTLY.executed, moved('open_platform', 'transfer', 'credit-2', 1)],
      },
    ],
    ['a capture lost that the acquirer would have made', { ...FREED_RIGHTLY, executed: [HELD, CREDITED] }],
    ['a lost capture without its case', { ...FREED_RIGHTLY, cases: [['source_taken_back', 'hold']] }],
    [
      'a payer charged twice',
      { ...COMPLETED, executed: [HELD, CREDITED, CAPTURED, { ...CAPTURED, reference: `${ID}-capture-2` }] },
    ],
    ['a payee never paid', { ...COMPLETED, executed: [HELD, CAPTURED] }],
    ['a contradiction without a case', { ...CONTRADICTED_RIGHTLY, cases: [] }],
    [
      'a contradiction with two cases',
      {
        ...CONTRADICTED_RIGHTLY,
        cases: [
          ['notification_conflict', 'hold'],
          ['notification_conflict', 'hold'],
        ],
      },
    ],
    ['a case of a contradiction that nobody uttered', { ...CONTRADICTED_RIGHTLY, said: [] }],
  ] as [string, Run][])('finds %s', (_what, run) => {
    expect(problems(run)).not.toEqual([]);
  });

  it('hears two words of one network about one instruction, in each network’s language', () => {
    const sent = (network: string, reference: string, content: object, state = 'acknowledged'): SentNotification => ({
      network,
      reference,
      state,
      due: '2026-11-28T10:00:00.000Z',
      body: JSON.stringify(content),
    });
    const transfer = (status: string): object => ({ notify_id: status, biz_content: JSON.stringify({ status }) });
    const collection = (resultStatus: string): object => ({ result: { resultStatus } });
    const heard = contradictionsIn([
      sent('acquirer', 'a', { type: 'payment_approved' }),
      sent('acquirer', 'a', { type: 'payment_declined' }),
      sent('open_platform', 'b', transfer('SUCCESS')),
      sent('open_platform', 'b', transfer('FAIL')),
      sent('ams', 'c', collection('S')),
      sent('ams', 'c', collection('F')),
      sent('acquirer', 'only said', { type: 'payment_capture_declined' }),
      sent('open_platform', 'came back', transfer('SUCCESS')),
      sent('open_platform', 'came back', transfer('REFUND')),
      sent('ams', 'not taken', collection('S')),
      sent('ams', 'not taken', collection('F'), 'open'),
    ]);
    expect(heard.map(({ reference }) => reference)).toEqual(['a', 'b', 'c']);
  });
});
