import type { MoneyEffect } from '@gateway/contracts/payments.payment.events.v1';
import type { InboundRecord } from '@gateway/messaging';
import type { Database } from '@gateway/persistence';
import { Client } from 'pg';
import fc from 'fast-check';
import { BooksInstance } from './books-instance';
import { makeOwnDatabase } from './own-database';
import type { OwnDatabase } from './own-database';
import { fact, makePayments, partsGivenBack, release, reserve } from './payment-records';
import type { TestPayment } from './payment-records';

jest.setTimeout(120_000);

const ENDS: readonly { toChina: boolean; effects: readonly MoneyEffect[]; credited: boolean }[] = [
  { toChina: true, effects: ['hold_funded', 'credited', 'captured'], credited: true },
  { toChina: true, effects: ['hold_funded', 'credited', 'capture_lost'], credited: true },
  { toChina: true, effects: ['hold_funded', 'hold_released'], credited: false },
  { toChina: true, effects: ['hold_funded', 'hold_released', 'late_credit'], credited: false },
  { toChina: false, effects: ['collection_funded', 'credited'], credited: true },
  { toChina: false, effects: ['collection_funded', 'return_started', 'return_confirmed'], credited: false },
  {
    toChina: false,
    effects: ['collection_funded', 'return_started', 'return_confirmed', 'late_credit'],
    credited: false,
  },
  { toChina: false, effects: ['collection_funded', 'blocked'], credited: false },
];
/** Accounts that a finished payment leaves empty. */
const PASSING = ['1110', '2000', '2050', '2150', '2200', '9000', '9001'];

describe('The ledger, on PostgreSQL', () => {
  let own: OwnDatabase;
  let database: Database;
  let first: BooksInstance;
  let second: BooksInstance;

  beforeAll(async () => {
    own = await makeOwnDatabase();
    database = await own.connect();
    first = new BooksInstance(database);
    second = new BooksInstance(await own.connect());
  });
  afterAll(() => own.drop());

  const expectSound = async (): Promise<void> => {
    const currencies = await first.reads.trialBalance();
    expect(currencies.filter((currency) => currency.debits !== currency.credits)).toEqual([]);
    expect(await first.reads.accountsOffTheirLines()).toEqual([]);
  };
  const balances = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await first.reads.balances()).map((account): [string, string] => [
        `${account.code} ${account.counterparty} ${account.currency}`,
        (account.debits - account.credits).toString(),
      ]),
    );

  it('books a payment from the US as decided, with its movements and settlement items', async () => {
    const [payment] = await makePayments(database, 'worked', 1);
    if (payment === undefined) throw new Error('no payment');
    await first.take([reserve(payment)]);
    await first.take([fact(payment, ['hold_funded'])]);
    await first.take([fact(payment, ['credited'])]);
    const emitted = await first.take([fact(payment, ['captured'])]);
    expect(emitted.audit?.map((entry) => [entry.subjectId, entry.bucket, entry.actions.length])).toEqual([
      [payment.id, payment.partition, 1],
    ]);
    expect(await balances()).toEqual({
      '1100 visa USD': '10200',
      '1110 visa USD': '0',
      '1200 alipay CNY': '-70615',
      '2000  USD': '0',
      '2050  CNY': '0',
      '2200  USD': '0',
      '3000  CNY': '70615',
      '3000  USD': '-9900',
      '4000  USD': '-200',
      '4050  USD': '-100',
      '9000  USD': '0',
      '9001  USD': '0',
    });
    const movements = await first.reads.movements(payment.id, { after: 0n, limit: 10 });
    expect(movements.map((one) => [one.operation, one.network, one.minor, one.currency, one.legId])).toEqual([
      ['hold', 'applepay', 10_200n, 'USD', `${payment.id}-hold`],
      ['credit', 'alipay', 70_615n, 'CNY', `${payment.id}-credit`],
      ['capture', 'applepay', 10_200n, 'USD', `${payment.id}-capture`],
    ]);
    const items = await database.query(
      'SELECT counterparty, amount, value_date::text FROM settlement_item ORDER BY item_id',
    );
    expect(items).toEqual([
      { counterparty: 'alipay', amount: -70_615n, value_date: '2026-11-25' },
      { counterparty: 'visa', amount: 10_200n, value_date: '2026-11-25' },
    ]);
    await expectSound();
  });

  it('books nothing twice when a batch comes again, from either instance, together with a new fact', async () => {
    const payments = await makePayments(database, 'twice', 30, { toChina: (index) => index % 2 === 0 });
    const funded = payments.map((one, index) => fact(one, [index % 2 === 0 ? 'hold_funded' : 'collection_funded']));
    const credited = payments.map((one) => fact(one, ['credited']));
    await first.take(payments.map((payment) => reserve(payment)));
    await first.take(funded);
    await first.take(credited);
    const before = await balances();
    const again = await second.take([...funded, ...credited, ...funded]);
    expect(again.audit).toEqual([]);
    expect(await balances()).toEqual(before);
    const [first0] = payments;
    if (first0 === undefined) throw new Error('no payment');
    await Promise.all([
      first.take([...credited, fact(first0, ['captured'])]),
      second.take([fact(first0, ['captured'])]),
    ]);
    const captured = await database.query(`SELECT 1 FROM booking WHERE subject_id = $1 AND code = 'captured'`, [
      first0.id,
    ]);
    expect(captured).toHaveLength(1);
    await expectSound();
  });

  it('books each part that the payer’s network takes back around our own return once, and its items tie out', async () => {
    const [payment] = await makePayments(database, 'parts', 1, { toChina: () => false });
    if (payment === undefined) throw new Error('no payment');
    const total = payment.quote.quote.priced.source.minor;
    const before = await balances();
    const told = [
      reserve(payment),
      fact(payment, ['collection_funded']),
      partsGivenBack(payment, [['source_taken_back', 'collect', 9_000n]]),
      partsGivenBack(payment, [
        ['return_started', 'release', total],
        ['take_back_settled', 'collect', 9_000n],
      ]),
      partsGivenBack(payment, [
        ['source_taken_back', 'collect-2', 1_021n],
        ['take_back_settled', 'collect-2', 1_021n],
      ]),
      partsGivenBack(payment, [['return_confirmed', 'release-2', total - 10_021n]]),
    ];
    for (const record of told) await first.take([record]);
    await second.take(told.slice(1));
    const after = await balances();
    const moved = Object.keys(after).filter((account) => after[account] !== (before[account] ?? '0'));
    expect(moved).toEqual([]);
    const items = await database.query<{ leg_id: string; amount: bigint }>(
      'SELECT leg_id, amount FROM settlement_item WHERE payment_id = $1 ORDER BY item_id',
      [payment.id],
    );
    expect(items.map(({ leg_id, amount }) => [leg_id.slice(payment.id.length + 1), amount])).toEqual([
      ['collect', total],
      ['collect', -9_000n],
      ['collect-2', -1_021n],
      ['release-2', 10_021n - total],
    ]);
    const movements = await first.reads.movements(payment.id, { after: 0n, limit: 10 });
    expect(movements.map(({ operation, minor }) => [operation, minor])).toEqual([
      ['collect', total],
      ['release', 9_000n],
      ['release', 1_021n],
      ['release', total - 10_021n],
    ]);
    await expectSound();
  });

  it('leaves nothing behind of a process that dies before its commit', async () => {
    const [payment] = await makePayments(database, 'dies', 1, { toChina: () => false });
    if (payment === undefined) throw new Error('no payment');
    const records = [reserve(payment), fact(payment, ['collection_funded']), fact(payment, ['credited'])];
    const before = await balances();
    await second.takeAndDie(records);
    expect(await balances()).toEqual(before);
    await second.take(records);
    expect(await first.reads.bookingsOf(payment.id)).toHaveLength(2);
    await expectSound();
  });

  it('does not book a fact that contradicts its offer or whose quote is unknown, and nothing of its batch', async () => {
    const [payment, other] = await makePayments(database, 'wrong', 2);
    if (payment === undefined || other === undefined) throw new Error('no payments');
    const count = async (): Promise<number> => (await database.query('SELECT 1 FROM booking')).length;
    const before = await count();
    const wrongKind = fact(payment, ['blocked']);
    const unknownQuote = fact(payment, ['hold_funded'], { quote_id: 'qte_unknown' });
    await expect(first.take([fact(other, ['hold_funded']), wrongKind])).rejects.toThrow('cannot be booked');
    await expect(first.take([fact(other, ['hold_funded']), unknownQuote])).rejects.toThrow('cannot be booked');
    expect(await count()).toBe(before);
  });

  it('refuses changes by privilege and by trigger, and bookings that do not balance', async () => {
    const denied = /permission denied/;
    await expect(database.query('UPDATE booking SET party = party')).rejects.toThrow(denied);
    await expect(database.query('DELETE FROM booking')).rejects.toThrow(denied);
    await expect(database.query('TRUNCATE settlement_item')).rejects.toThrow(denied);
    await expect(database.query('UPDATE quote SET target = 1')).rejects.toThrow(denied);
    await expect(database.query('DELETE FROM quote_use')).rejects.toThrow(denied);
    const owner = new Client({ connectionString: own.ownerUrl });
    await owner.connect();
    try {
      await expect(owner.query('UPDATE booking SET party = party')).rejects.toThrow('append-only');
      await expect(owner.query('DELETE FROM settlement_item')).rejects.toThrow('append-only');
      await expect(owner.query('TRUNCATE booking')).rejects.toThrow('append-only');
    } finally {
      await owner.end();
    }
    const insert = (accounts: string, amounts: string): Promise<unknown> =>
      database.query(
        `INSERT INTO booking (subject_id, code, leg_id, partner_id, network, party, stripe, accounts, amounts, occurred_at, booked_at)
         VALUES ('pay_forged', 'x', 'x', 'x', 'x', 'x', 0, $1, $2, now(), now())`,
        [accounts, amounts],
      );
    const accounts = await database.query<{ account_id: number; currency: string }>(
      'SELECT account_id, currency FROM account',
    );
    const usd = accounts.filter((account) => account.currency === 'USD').map((account) => account.account_id);
    const cny = accounts.filter((account) => account.currency === 'CNY').map((account) => account.account_id);
    await expect(insert(`{${usd[0]},${usd[1]}}`, '{100,-99}')).rejects.toThrow('does not balance');
    await expect(insert(`{${usd[0]},${cny[0]}}`, '{100,-100}')).rejects.toThrow('does not balance');
    await expect(insert(`{${usd[0]},999999}`, '{100,-100}')).rejects.toThrow('does not balance');
    await expect(insert('{999998,999999}', '{100,-100}')).rejects.toThrow('does not exist');
    await expect(insert(`{${usd[0]}}`, '{0}')).rejects.toThrow('check constraint');
  });

  it('holds its invariants over random traffic of two instances with repeats, deaths and every way to end', async () => {
    const scenario = fc.array(
      fc.record({
        end: fc.nat(ENDS.length - 1),
        minor: fc.bigInt(100n, 5_000_000n),
        finished: fc.boolean(),
        repeats: fc.nat(2),
        dies: fc.boolean(),
      }),
      { minLength: 20, maxLength: 40 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async (plan) => {
        run += 1;
        const payments = await makePayments(database, `r${run}n`, plan.length, {
          toChina: (index) => ENDS[plan[index]?.end ?? 0]?.toChina ?? true,
          minor: (index) => plan[index]?.minor ?? 1n,
        });
        await Promise.all(
          payments.map((payment, index) => live(payment, plan[index], index % 2 === 0 ? first : second)),
        );
        await expectSound();
        await expectOpenIsUnfinished(payments.filter((_payment, index) => plan[index]?.finished === false));
      }),
      { numRuns: 6 },
    );
    await expectPassingAccountsHoldUnfinished();
  });

  async function live(
    payment: TestPayment,
    plan: { end: number; finished: boolean; repeats: number; dies: boolean } | undefined,
    instance: BooksInstance,
  ): Promise<void> {
    const end = ENDS[plan?.end ?? 0];
    if (plan === undefined || end === undefined) throw new Error('no plan');
    const steps: InboundRecord[][] = [[reserve(payment)]];
    if (plan.finished) {
      steps.push(...end.effects.map((effect) => [fact(payment, [effect])]));
      if (!end.credited) steps.push([release(payment)]);
    }
    for (const step of steps) {
      if (plan.dies) await instance.takeAndDie(step);
      for (let time = 0; time <= plan.repeats; time++) await instance.take(step);
    }
  }

  /** Open reservations are exactly the unfinished payments' payouts, in the rows and in the limits. */
  async function expectOpenIsUnfinished(unfinished: readonly TestPayment[]): Promise<void> {
    const open = await first.reads.reservations('GRANTED', null);
    const ids = new Set(open.reservations.map((reservation) => reservation.paymentId));
    expect(unfinished.every((payment) => ids.has(payment.id))).toBe(true);
    const limits = await database.query<{ currency: string; reserved: bigint }>(
      `SELECT currency, reserved FROM spending_limit WHERE kind = 'float' AND reserved <> 0 ORDER BY currency`,
    );
    expect(limits).toEqual(open.amounts.map(({ currency, minor }) => ({ currency, reserved: minor })));
    await first.take(unfinished.map(release));
    expect(
      (await first.reads.reservations('GRANTED', null)).reservations.filter(({ paymentId }) =>
        /^pay_r\d/.test(paymentId),
      ),
    ).toEqual([]);
  }

  /** I2: only the payments of the earlier tests that were left half way may stand on accounts that payments pass through. */
  async function expectPassingAccountsHoldUnfinished(): Promise<void> {
    const left = await database.query(
      `SELECT subject_id, account, currency FROM ledger_entry
       WHERE account = ANY($1) AND subject_id LIKE 'pay_r%' GROUP BY subject_id, account, currency HAVING sum(amount) <> 0`,
      [PASSING],
    );
    expect(left).toEqual([]);
  }
});
