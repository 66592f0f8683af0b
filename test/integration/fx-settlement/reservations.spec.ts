import type { Database } from '@gateway/persistence';
import { BooksInstance, KeptTransactions } from './books-instance';
import { makeOwnDatabase } from './own-database';
import type { OwnDatabase } from './own-database';
import { fact, makePayments, outcomesOf, release, reserve } from './payment-records';
import { StopQuoting } from '../../../apps/fx-settlement/src/use-cases/stop-quoting';
import { PostgresStopStore } from '../../../apps/fx-settlement/src/outbound/postgres-stop.store';

jest.setTimeout(180_000);

describe('Reservations under limits, on PostgreSQL', () => {
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

  const setFloat = (ceiling: bigint): Promise<unknown> =>
    database.query(
      `INSERT INTO spending_limit (kind, subject, currency, ceiling) VALUES ('float', 'alipay', 'CNY', $1)
       ON CONFLICT (kind, subject, currency) DO UPDATE
         SET ceiling = $1 + spending_limit.reserved + spending_limit.used`,
      [ceiling],
    );
  const reservedFloat = async (): Promise<bigint> => {
    const [row] = await database.query<{ reserved: bigint }>(
      `SELECT reserved FROM spending_limit WHERE kind = 'float' AND subject = 'alipay' AND currency = 'CNY'`,
    );
    return row?.reserved ?? 0n;
  };

  it('lets exactly the allowed number pass when two instances take commands at the same time', async () => {
    const payments = await makePayments(database, 'limit', 300);
    const payout = 70_615n + 424n;
    await setFloat(payout * 137n + payout - 1n);
    const batches = Array.from({ length: 30 }, (_unused, batch) => payments.slice(batch * 10, batch * 10 + 10));
    const emitted = await Promise.all(
      batches.map((batch, index) => (index % 2 === 0 ? first : second).take(batch.map((payment) => reserve(payment)))),
    );
    const outcomes = emitted.flatMap(outcomesOf);
    expect(outcomes.filter((outcome) => outcome === 'GRANTED')).toHaveLength(137);
    expect(outcomes.filter((outcome) => outcome === 'FLOAT_TOO_LOW')).toHaveLength(163);
    expect(await reservedFloat()).toBe(payout * 137n);

    const open = await first.reads.reservations('GRANTED', null);
    expect([open.count, open.amounts]).toEqual([137, [{ currency: 'CNY', minor: payout * 137n }]]);

    await Promise.all(batches.map((batch, index) => (index % 2 === 0 ? second : first).take(batch.map(release))));
    expect(await reservedFloat()).toBe(0n);
    await setFloat(10n ** 15n);
  });

  it('answers a repeated batch with the outcomes as they stand, sets nothing aside twice and audits nothing twice', async () => {
    const payments = await makePayments(database, 'repeat', 20);
    const batch = payments.map((payment) => reserve(payment));
    const once = await first.take(batch);
    const before = await reservedFloat();
    const again = await second.take([...batch, ...batch]);
    expect(outcomesOf(again)).toEqual([...outcomesOf(once), ...outcomesOf(once)]);
    expect([again.audit, once.audit?.length]).toEqual([[], 20]);
    expect(await reservedFloat()).toBe(before);
  });

  it('keeps a tombstone of a release that comes before its reserve, in one batch or in two', async () => {
    const [one, two] = await makePayments(database, 'tomb', 2);
    if (one === undefined || two === undefined) throw new Error('no payments');
    const before = await reservedFloat();
    expect(outcomesOf(await first.take([release(one), reserve(one)]))).toEqual(['RELEASED', 'RELEASED_BEFORE_RESERVE']);
    expect(outcomesOf(await first.take([release(two)]))).toEqual(['RELEASED']);
    expect(outcomesOf(await second.take([reserve(two)]))).toEqual(['RELEASED_BEFORE_RESERVE']);
    expect(await reservedFloat()).toBe(before);
  });

  it('lets one of two payments use a quote, whichever instance asks, and for ever', async () => {
    const payments = await makePayments(database, 'quote', 40);
    const thieves = payments.map((payment) => ({ ...payment, id: `${payment.id}x`, partition: 0 }));
    const [honest, stolen] = await Promise.all([
      first.take(payments.map((payment) => reserve(payment))),
      second.take(thieves.map((payment) => reserve(payment))),
    ]);
    const pairs = outcomesOf(honest).map((outcome, index) => [outcome, outcomesOf(stolen)[index]].sort());
    expect(pairs).toEqual(payments.map(() => ['GRANTED', 'QUOTE_ALREADY_USED']));
    await first.take([...payments, ...thieves].map(release));
    const [payment] = await makePayments(database, 'later', 1);
    const [used] = payments;
    if (payment === undefined || used === undefined) throw new Error('no payments');
    expect(outcomesOf(await first.take([reserve({ ...payment, quote: used.quote })]))).toEqual(['QUOTE_ALREADY_USED']);
  });

  it('refuses an offer that was altered, is unknown, is no offer at all, or is shown by another partner', async () => {
    const [payment] = await makePayments(database, 'forged', 1);
    if (payment === undefined) throw new Error('no payment');
    const altered = `${payment.quote.offer}x`;
    const unknown = `e30.${Buffer.from('{"quote_id":"qte_none"}').toString('base64url')}.c2ln`;
    const reasons = [];
    for (const [index, more] of [
      { offer: altered },
      { offer: unknown },
      { offer: 'x' },
      { partner_id: 'prt_other' },
    ].entries()) {
      const command = reserve(payment, { ...more, instruction_id: `${payment.id}-reserve-${index}` });
      reasons.push(...outcomesOf(await first.take([command])));
    }
    expect(reasons).toEqual(['QUOTE_UNKNOWN', 'QUOTE_UNKNOWN', 'QUOTE_UNKNOWN', 'QUOTE_UNKNOWN']);
    expect(outcomesOf(await first.take([reserve(payment)]))).toEqual(['GRANTED']);
  });

  it('withdraws unused offers when a corridor is stopped, for good, and leaves newer ones alone', async () => {
    const [early, used, anew] = await makePayments(database, 'stopped', 3);
    if (early === undefined || used === undefined || anew === undefined) throw new Error('no payments');
    await first.take([reserve(used), reserve(anew)]);
    const stopping = new StopQuoting(new PostgresStopStore(), new KeptTransactions(database));
    const stop = {
      scope: 'corridor',
      subject: 'applepay>alipay',
      actor: 'operator:op_1',
      reason: 'rate in doubt',
    } as const;
    expect([await stopping.start(stop), await stopping.start(stop)]).toEqual([true, false]);
    expect(outcomesOf(await first.take([reserve(early), reserve(used)]))).toEqual(['QUOTE_WITHDRAWN', 'GRANTED']);
    // A quote that a payment has used stays used: one that waited for a person is reserved anew.
    const again = reserve(anew, { instruction_id: `${anew.id}-reserve-2` });
    const thief = reserve({ ...early, quote: anew.quote }, { instruction_id: `${early.id}-reserve-2` });
    expect(outcomesOf(await first.take([release(anew), again, thief]))).toEqual([
      'RELEASED',
      'GRANTED',
      'QUOTE_WITHDRAWN',
    ]);
    expect([await stopping.lift(stop), await stopping.lift(stop)]).toEqual([true, false]);
    expect(outcomesOf(await first.take([reserve(early, { instruction_id: 'other' })]))).toEqual(['QUOTE_WITHDRAWN']);
    const [late] = await makePayments(database, 'after', 1);
    if (late === undefined) throw new Error('no payment');
    expect(outcomesOf(await first.take([reserve(late)]))).toEqual(['GRANTED']);
  });

  it('spends a reservation with the credit, once, and never refuses what has happened', async () => {
    const [payment, late] = await makePayments(database, 'spent', 2);
    if (payment === undefined || late === undefined) throw new Error('no payments');
    await first.take([reserve(payment), reserve(late)]);
    const before = await reservedFloat();
    const credited = [fact(payment, ['hold_funded']), fact(payment, ['credited'])];
    await first.take(credited);
    await second.take(credited);
    await first.take([release(late), fact(late, ['hold_funded', 'hold_released'])]);
    await setFloat(0n);
    await first.take([fact(late, ['late_credit'])]);
    expect(await reservedFloat()).toBe(before - 2n * 71_039n);
    const states = await database.query<{ state: string }>(
      'SELECT state FROM reservation WHERE payment_id = ANY($1) ORDER BY payment_id',
      [[payment.id, late.id]],
    );
    expect(states.map((row) => row.state)).toEqual(['CONSUMED', 'RELEASED']);
    await setFloat(10n ** 15n);
  });
});
