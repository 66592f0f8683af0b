import { until } from '../../e2e/support/until';
import { Harness, spied, type RuntimeProcess } from './support/runtime-harness';

jest.setTimeout(180_000);

const minor = (amount: string): { amount: { amount: string; currency: string } } => ({
  amount: { amount, currency: 'USD' },
});

describe('leases, releases and stops on PostgreSQL', () => {
  let harness: Harness;
  let wallet: RuntimeProcess;

  beforeEach(async () => {
    harness = await Harness.open({ callTimeoutMs: 500 });
    wallet = harness.process();
  });
  afterEach(() => harness.close());

  /** Processes whose calls have time enough on any machine: what they prove is not about deadlines. */
  async function patient(): Promise<void> {
    await harness.close();
    harness = await Harness.open({ callTimeoutMs: 30_000 });
    wallet = harness.process();
  }

  it.each([
    ['in the batch before', false],
    ['in one batch with it, first', true],
  ])('release before its hold, %s: the hold is refused, nothing is called', async (_when, together) => {
    const payment = harness.payment();
    const [release, hold] = [harness.command('release', payment), harness.command('hold', payment)];
    if (together) await wallet.consume([release, hold]);
    else {
      await wallet.consume([release]);
      await wallet.consume([hold]);
    }
    await wallet.consume([hold, release]);
    expect(wallet.outcomesOf(`${payment}-release`)[0]).toMatchObject({
      outcome: 'PROCESSED',
      amount: { amount: '0', currency: 'USD' },
      reason: 'RELEASED_BEFORE_START',
    });
    const [told, again] = wallet.outcomesOf(`${payment}-hold`);
    expect(told).toMatchObject({ operation: 'hold', outcome: 'NOT_SUBMITTED', reason: 'RELEASED_BEFORE_START' });
    expect(again).toEqual(told);
    expect(harness.network.books.movements()).toHaveLength(0);
  });

  it('release of a hold that certainly has not left ends it, and nothing more is called', async () => {
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment, minor('1910'))]);
    await harness.until(`${payment}-hold`, 'QUEUED');
    await wallet.consume([harness.command('release', payment, minor('1910'))]);
    expect(await harness.stateOf(`${payment}-hold`)).toBe('NOT_SUBMITTED');
    expect(await harness.stateOf(`${payment}-release`)).toBe('PROCESSED');
    expect(harness.network.books.movements()).toHaveLength(0);
  });

  it('kill between commit and call: found with its lease over, enquired first, then sent with the same id, once', async () => {
    const payment = harness.payment();
    const asked: string[] = [];
    const other = harness.process(spied(harness, asked));
    await wallet.consume([harness.command('hold', payment)], { dies: true });
    expect(await harness.stateOf(`${payment}-hold`)).toBe('SENT');
    other.start();
    await harness.until(`${payment}-hold`, 'PROCESSED');
    expect(asked).toEqual(['enquire', 'hold']);
    expect(harness.network.books.movementsOf(`${payment}-hold`)).toHaveLength(1);
  });

  it('stop before a call: what had started is written, what had not stays leased and is found by another process', async () => {
    const payments = Array.from({ length: 200 }, () => harness.payment());
    await wallet.consume(payments.map((payment) => harness.command('hold', payment)));
    await wallet.stop();
    const [left] = await harness.test.database.query<{ count: bigint }>(
      `SELECT count(*) FROM instruction WHERE state = 'SENT' AND lease_until > clock_timestamp()`,
    );
    const written = await harness.test.database.query(`SELECT 1 FROM instruction WHERE state = 'PROCESSED'`);
    expect(Number(left!.count) + written.length).toBe(200);
    expect(written.length).toBeGreaterThan(0);
    expect(Number(left!.count)).toBeGreaterThan(0);
    harness.process().start();
    for (const payment of payments) await harness.until(`${payment}-hold`, 'PROCESSED');
    expect(harness.network.books.movements()).toHaveLength(200);
  });

  it('clock advanced a day under leases: nobody else calls, and the one call is written', async () => {
    await patient();
    const payment = harness.payment();
    const asked: string[] = [];
    const slow = spied(harness, asked, 400);
    const owner = harness.process(slow);
    const other = harness.process(spied(harness, asked));
    await owner.consume([harness.command('hold', payment)]);
    await harness.advanceClock('1 day');
    other.start();
    await harness.until(`${payment}-hold`, 'PROCESSED');
    expect(asked).toEqual(['hold']);
    expect(owner.outcomesOf(`${payment}-hold`)).toHaveLength(1);
  });

  it('after the life of its id an instruction in doubt is only enquired about', async () => {
    const payment = harness.payment();
    const asked: string[] = [];
    await wallet.consume([harness.command('credit', payment)], { dies: true });
    await harness.advanceClock('25 hours');
    harness.process(spied(harness, asked)).start();
    await harness.until(`${payment}-credit`, 'UNKNOWN');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(new Set(asked)).toEqual(new Set(['enquire']));
    expect(harness.network.books.movements()).toHaveLength(0);
  });

  it('an answer under an old lease is evidence, and the network is asked again', async () => {
    await patient();
    const payment = harness.payment();
    const owner = harness.process(spied(harness, [], 2_000));
    await owner.consume([harness.command('hold', payment)]);
    // Somebody else took over meanwhile, as after a process that slept through its lease.
    await harness.test.database.query(
      `UPDATE instruction SET lease = nextval('lease_number'), lease_until = '-infinity', state = 'UNKNOWN',
         due = clock_now() + interval '1 hour' WHERE payment_id = $1`,
      [payment],
    );
    const evidenceOf = (): Promise<{ source: string; stale: boolean }[]> =>
      harness.test.database.query('SELECT source, stale FROM instruction_evidence ORDER BY evidence_id');
    await until('the answer has come', async () => (await evidenceOf()).length > 0);
    expect(await harness.stateOf(`${payment}-hold`)).toBe('UNKNOWN');
    wallet.start();
    await harness.until(`${payment}-hold`, 'PROCESSED');
    expect(await evidenceOf()).toEqual([
      { source: 'call', stale: true },
      { source: 'enquiry', stale: false },
    ]);
    expect(wallet.outcomesOf(`${payment}-hold`).at(-1)).toMatchObject({ evidence: 'enquiry' });
  });

  it('two processes never make one call twice', async () => {
    const payments = Array.from({ length: 300 }, () => harness.payment());
    const others = [harness.process(), harness.process()];
    others.forEach((process) => process.start());
    await wallet.consume(payments.map((payment) => harness.command('hold', payment)));
    for (const payment of payments) await harness.until(`${payment}-hold`, 'PROCESSED');
    expect(harness.network.books.movements()).toHaveLength(300);
  });
});
