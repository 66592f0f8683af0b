import type { PaymentChange } from '@gateway/contracts/payments.payment.events.v1';
import type { InboundRecord } from '@gateway/messaging';
import { Money } from '@gateway/money';
import type { Database } from '@gateway/persistence';
import { IdSource, SystemClock, SystemRandom } from '@gateway/platform';
import { Client } from 'pg';
import { AccountIds } from '../../../apps/fx-settlement/src/outbound/account-ids';
import { PostgresLedgerStore } from '../../../apps/fx-settlement/src/outbound/postgres-ledger.store';
import { PostgresTopUpStore } from '../../../apps/fx-settlement/src/outbound/postgres-top-up.store';
import { TopUpBalances } from '../../../apps/fx-settlement/src/use-cases/top-up-balances';
import { BooksInstance, KeptTransactions } from './books-instance';
import { makeOwnDatabase } from './own-database';
import type { OwnDatabase } from './own-database';
import { fact, makePayments, outcomesOf, reserve } from './payment-records';
import type { TestPayment } from './payment-records';

jest.setTimeout(180_000);

const PARTNER = 'prt_test';
const MID = '7.25000000';

describe('Refunds in the books, on PostgreSQL', () => {
  let own: OwnDatabase;
  let database: Database;
  let first: BooksInstance;
  let second: BooksInstance;
  let topUps: TopUpBalances;
  let store: PostgresTopUpStore;

  beforeAll(async () => {
    own = await makeOwnDatabase();
    database = await own.connect();
    first = new BooksInstance(database);
    second = new BooksInstance(await own.connect());
    store = new PostgresTopUpStore(database);
    const clock = new SystemClock();
    topUps = new TopUpBalances(
      store,
      new PostgresLedgerStore(new AccountIds()),
      new KeptTransactions(database),
      new IdSource(clock, new SystemRandom()),
      clock,
    );
    await database.query(
      `INSERT INTO published_rate (pair, incarnation, sequence, source, mid, firm, as_of, published_at)
       VALUES ('USD/CNY', 0, 1, 'treasury', 7.25, true, now(), now())`,
    );
  });
  afterAll(() => own.drop());

  const fund = (payment: TestPayment, refundId: string, minor: bigint): InboundRecord =>
    reserve(payment, {
      instruction_id: `${refundId}-fund`,
      operation: 'fund_refund',
      offer: undefined,
      amount: { amount: minor.toString(), currency: 'CNY' },
    });
  const moved = (
    payment: TestPayment,
    refundId: string,
    money: 'refund_funded' | 'refund_sent' | 'refund_withdrawn',
    sides: [bigint, bigint],
  ): InboundRecord => {
    const change: PaymentChange = {
      fact: money,
      from: 'COMPLETED',
      to: 'COMPLETED',
      at: '2026-11-26T10:00:00.000Z',
      instruction_id: `${refundId}-${money === 'refund_sent' ? 'refund' : 'fund'}`,
      network: 'applepay',
      money,
      refund: {
        refund_id: refundId,
        from: 'FUNDING',
        to: 'SENDING',
        rule: 'R1',
        source_amount: { amount: sides[0].toString(), currency: 'USD' },
        target_amount: { amount: sides[1].toString(), currency: 'CNY' },
        mid: MID,
      },
    };
    return fact(payment, [], { state: 'COMPLETED', public_status: 'completed', changes: [change] });
  };
  const topUp = async (minor: bigint, reference: string): Promise<void> => {
    const amount = Money.of(minor, 'CNY');
    const made = await topUps.request({
      partnerId: PARTNER,
      amount,
      bankReference: reference,
      requestedBy: 'operator:a',
    });
    await topUps.approve(made?.topUpId ?? '', 'operator:b');
  };
  const balances = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await first.reads.balances())
        .map(({ code, counterparty, currency, debits, credits }) => [
          `${code} ${counterparty} ${currency}`,
          (debits - credits).toString(),
        ])
        .filter(([, balance]) => balance !== '0') as [string, string][],
    );
  const available = async (): Promise<string> => {
    const [row] = await store.balancesOf(PARTNER);
    return `${row?.balance} ${row?.reserved}`;
  };

  it('tops a balance up with two people: not by one alone, not twice for one receipt, not twice by approving again', async () => {
    const request = {
      partnerId: PARTNER,
      amount: Money.of(50_000n, 'CNY'),
      bankReference: 'STMT-1',
      requestedBy: 'operator:a',
    };
    const made = await topUps.request(request);
    expect(await topUps.request({ ...request, requestedBy: 'operator:c' })).toBeNull();
    const id = made?.topUpId ?? '';
    expect(await topUps.approve(id, 'operator:a')).toBe('same_person');
    expect(await topUps.approve('top_unheard_of', 'operator:b')).toBe('unknown');
    expect(await available()).toBe('undefined undefined');
    await topUps.approve(id, 'operator:b');
    await topUps.approve(id, 'operator:c');
    expect(await available()).toBe('50000 0');
    expect(await balances()).toEqual({ '1000 settlement_bank CNY': '50000', '2120 prt_test CNY': '-50000' });
    const owner = new Client({ connectionString: own.ownerUrl });
    await owner.connect();
    await expect(owner.query('UPDATE top_up SET approved_by = requested_by')).rejects.toThrow(/check constraint/);
    await owner.end();
  });

  it('funds what the balance covers, answers a repeat as it stood, and refuses the rest', async () => {
    const [payment] = await makePayments(database, 'fund', 1);
    if (payment === undefined) throw new Error('no payment');
    const commands = [
      fund(payment, 'rfd_a', 30_000n),
      fund(payment, 'rfd_b', 20_001n),
      fund(payment, 'rfd_a', 30_000n),
    ];
    const emitted = await first.take(commands);
    expect(outcomesOf(emitted)).toEqual(['GRANTED', 'REFUND_NOT_FUNDED', 'GRANTED']);
    expect(emitted.records.map(({ data }) => (data as { mid?: string }).mid)).toEqual([MID, undefined, MID]);
    for (const { contract, data } of emitted.records) expect(contract.problemOf(data)).toBeNull();
    expect(await available()).toBe('50000 30000');
  });

  it('lets two instances never fund more than the balance together', async () => {
    const payments = await makePayments(database, 'race', 40);
    const batches = payments.map((payment, index) =>
      (index % 2 === 0 ? first : second).take([fund(payment, `rfd_race${index}`, 1_000n)]),
    );
    const outcomes = (await Promise.all(batches)).flatMap(outcomesOf);
    expect(outcomes.filter((outcome) => outcome === 'GRANTED')).toHaveLength(20);
    expect(await available()).toBe('50000 50000');
  });

  it('books 40 % and the remainder once each, whatever is delivered again, and ends with nothing set aside for them', async () => {
    await topUp(70_615n, 'STMT-2');
    const [payment] = await makePayments(database, 'book', 1);
    if (payment === undefined) throw new Error('no payment');
    await first.take([reserve(payment)]);
    await first.take([fact(payment, ['hold_funded'])]);
    await first.take([fact(payment, ['credited'])]);
    await first.take([fact(payment, ['captured'])]);
    const before = await balances();
    const records = [
      fund(payment, 'rfd_p1', 28_246n),
      fund(payment, 'rfd_p2', 42_369n),
      moved(payment, 'rfd_p1', 'refund_funded', [4_000n, 28_246n]),
      moved(payment, 'rfd_p2', 'refund_funded', [6_000n, 42_369n]),
      moved(payment, 'rfd_p1', 'refund_sent', [4_000n, 28_246n]),
      moved(payment, 'rfd_p2', 'refund_sent', [6_000n, 42_369n]),
    ];
    await first.take(records.slice(0, 3));
    await second.take(records.slice(3));
    await first.take(records);
    const after = await balances();
    const turned = Object.keys({ ...before, ...after })
      .map((account) => [account, BigInt(after[account] ?? '0') - BigInt(before[account] ?? '0')])
      .filter(([, change]) => change !== 0n);
    expect(Object.fromEntries(turned)).toEqual({
      '1100 visa USD': -10_000n,
      '2120 prt_test CNY': 70_615n,
      '3000  CNY': -70_615n,
      '3000  USD': 9_740n,
      '4050  USD': 100n,
      '4100  USD': 160n,
    });
    expect(
      (await first.reads.movements(payment.id, { after: 0n, limit: 100 })).map(({ operation }) => operation),
    ).toEqual(['hold', 'credit', 'capture', 'refund', 'refund']);
    expect((await first.reads.reservations('GRANTED', payment.id)).count).toBe(0);
    expect(await first.reads.accountsOffTheirLines()).toEqual([]);
    const items = await database.query(
      `SELECT operation, amount FROM settlement_item WHERE payment_id = $1 ORDER BY item_id`,
      [payment.id],
    );
    expect(items.slice(-2)).toEqual([
      { operation: 'refund', amount: -4_000n },
      { operation: 'refund', amount: -6_000n },
    ]);
  });

  it('funds a refund at the rate of the day with what its rule makes of the shares, and says so again with that rate', async () => {
    await topUp(200_000n, 'STMT-3');
    const [payment] = await makePayments(database, 'dayrate', 1);
    if (payment === undefined) throw new Error('no payment');
    const share = { source_amount: { amount: '10000', currency: 'USD' } };
    const ask = (refundId: string, refund: object, minor = 70_615n): InboundRecord =>
      reserve(payment, {
        instruction_id: `${refundId}-fund`,
        operation: 'fund_refund',
        offer: undefined,
        amount: { amount: minor.toString(), currency: 'CNY' },
        refund: { ...share, ...refund } as never,
      });
    const before = await available();
    const emitted = await first.take([
      ask('rfd_r2', { rule: 'R2' }),
      ask('rfd_r4', { rule: 'R4', bearer: 'payee' }),
      ask('rfd_dust', { rule: 'R3', source_amount: { amount: '1', currency: 'USD' } }, 3n),
    ]);
    expect(outcomesOf(emitted)).toEqual(['GRANTED', 'GRANTED', 'AMOUNT_TOO_SMALL']);
    const movedIn = (records: typeof emitted.records): unknown[] =>
      records.map(({ data }) => (data as { refund?: unknown }).refund);
    const r2 = {
      source_amount: { amount: '9740', currency: 'USD' },
      target_amount: { amount: '70615', currency: 'CNY' },
    };
    const r4 = {
      source_amount: { amount: '10000', currency: 'USD' },
      target_amount: { amount: '70615', currency: 'CNY' },
    };
    expect(movedIn(emitted.records)).toEqual([r2, r4, undefined]);
    for (const { contract, data } of emitted.records) expect(contract.problemOf(data)).toBeNull();
    await database.query(
      `INSERT INTO published_rate (pair, incarnation, sequence, source, mid, firm, as_of, published_at)
       VALUES ('USD/CNY', 0, 2, 'treasury', 7.00, true, now(), now())`,
    );
    expect(movedIn((await second.take([ask('rfd_r2', { rule: 'R2' })])).records)).toEqual([r2]);
    const reserved = (text: string): bigint => BigInt(text.split(' ')[1] ?? '0');
    expect(reserved(await available()) - reserved(before)).toBe(141_230n);
  });

  it('books a refund at the rate of the day without a result, and one to another instrument out of that float', async () => {
    const [payment] = await makePayments(database, 'b18c', 1);
    if (payment === undefined) throw new Error('no payment');
    await first.take([fact(payment, ['hold_funded', 'credited', 'captured'])]);
    const before = await balances();
    const under = (record: InboundRecord, change: object): InboundRecord => {
      const data = structuredClone(record.data) as { changes: Record<string, unknown>[] };
      Object.assign(data.changes[0]!, change);
      Object.assign(data.changes[0]!.refund as object, { rule: 'R2' });
      return { ...record, data };
    };
    await first.take([
      under(moved(payment, 'rfd_c', 'refund_funded', [9_740n, 70_615n]), {}),
      under(moved(payment, 'rfd_c', 'refund_sent', [9_740n, 70_615n]), {
        money: 'refund_sent_elsewhere',
        instruction_id: 'rfd_c-other1',
        counterparty: 'us_payout_bank',
      }),
    ]);
    const after = await balances();
    const turned = Object.keys({ ...before, ...after })
      .map((account) => [account, BigInt(after[account] ?? '0') - BigInt(before[account] ?? '0')])
      .filter(([, change]) => change !== 0n);
    expect(Object.fromEntries(turned)).toEqual({
      '1250 us_payout_bank USD': -9_740n,
      '2120 prt_test CNY': 70_615n,
      '3000  CNY': -70_615n,
      '3000  USD': 9_740n,
    });
    const [float] = await database.query<{ used: bigint }>(
      `SELECT used FROM spending_limit WHERE kind = 'float' AND subject = 'applepay' AND currency = 'USD'`,
    );
    expect(float?.used).toBe(9_740n);
    const booked = await database.query('SELECT rule, bearer, spread_minor FROM refund_booked WHERE refund_id = $1', [
      'rfd_c',
    ]);
    expect(booked).toEqual([{ rule: 'R2', bearer: null, spread_minor: 0n }]);
    expect(await first.reads.accountsOffTheirLines()).toEqual([]);
  });

  it('gives everything back of a refund that is withdrawn, once: every account, the balance and the position are as before it', async () => {
    await topUp(70_615n, 'STMT-4');
    const [payment] = await makePayments(database, 'withdrawn', 1);
    if (payment === undefined) throw new Error('no payment');
    await first.take([fact(payment, ['hold_funded', 'credited', 'captured'])]);
    const limits = (): Promise<unknown[]> =>
      database.query('SELECT kind, subject, currency, reserved, used FROM spending_limit ORDER BY limit_id');
    const before = [await balances(), await available(), await limits()];
    const [w1, w2]: [bigint, bigint][] = [
      [4_000n, 28_246n],
      [6_000n, 42_369n],
    ];
    const taken = [fund(payment, 'rfd_w1', w1![1]), moved(payment, 'rfd_w1', 'refund_funded', w1!)];
    const back = moved(payment, 'rfd_w1', 'refund_withdrawn', w1!);
    await first.take(taken);
    expect(await balances()).not.toEqual(before[0]);
    await second.take([back]);
    expect([await balances(), await available(), await limits()]).toEqual(before);
    await first.take([...taken, back]);
    expect([await balances(), await available(), await limits()]).toEqual(before);
    // What it had taken of the payment is free: all of it can be refunded anew, in the same batch, too.
    await first.take([
      fund(payment, 'rfd_w2', w2![1]),
      moved(payment, 'rfd_w2', 'refund_funded', w2!),
      moved(payment, 'rfd_w2', 'refund_withdrawn', w2!),
      fund(payment, 'rfd_w3', 70_615n),
      moved(payment, 'rfd_w3', 'refund_funded', [10_000n, 70_615n]),
    ]);
    const spreads = await database.query(
      `SELECT refund_id, spread_minor FROM refund_booked WHERE payment_id = $1 ORDER BY refund_id`,
      [payment.id],
    );
    expect(spreads).toEqual([
      { refund_id: 'rfd_w1', spread_minor: 40n },
      { refund_id: 'rfd_w2', spread_minor: 60n },
      { refund_id: 'rfd_w3', spread_minor: 100n },
    ]);
    expect(await first.reads.accountsOffTheirLines()).toEqual([]);
    await expect(first.take([moved(payment, 'rfd_w9', 'refund_withdrawn', w1!)])).rejects.toThrow(/never funded/);
  });

  it('keeps a fact that exceeds the payment for a person, and books nothing of it', async () => {
    const [payment] = await makePayments(database, 'above', 1);
    if (payment === undefined) throw new Error('no payment');
    await first.take([fact(payment, ['hold_funded', 'credited', 'captured'])]);
    await first.take([moved(payment, 'rfd_full', 'refund_funded', [10_000n, 70_615n])]);
    const before = await balances();
    await expect(first.take([moved(payment, 'rfd_more', 'refund_funded', [1n, 7n])])).rejects.toThrow(/exceed/);
    expect(await balances()).toEqual(before);
  });
});
