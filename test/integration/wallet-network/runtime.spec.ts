import { Harness, type RuntimeProcess } from './support/runtime-harness';

const amount = (minor: string): { amount: { amount: string; currency: string } } => ({
  amount: { amount: minor, currency: 'USD' },
});

jest.setTimeout(180_000);

describe('the adapter runtime on PostgreSQL', () => {
  let harness: Harness;
  let wallet: RuntimeProcess;

  beforeAll(async () => {
    harness = await Harness.open();
    wallet = harness.process();
    wallet.start();
  });
  afterAll(() => harness.close());

  it('holds, captures and tells each outcome once, with reference, amount and counterparty', async () => {
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment)]);
    await harness.until(`${payment}-hold`, 'PROCESSED');
    await wallet.consume([harness.command('capture', payment)]);
    await harness.until(`${payment}-capture`, 'PROCESSED');
    expect(wallet.outcomesOf(`${payment}-hold`)).toEqual([
      expect.objectContaining({
        version: 1,
        outcome: 'PROCESSED',
        amount: { amount: '10200', currency: 'USD' },
        network_reference: `net-${payment}-hold`,
        counterparty: 'visa',
        evidence: 'answer',
      }),
    ]);
    expect(harness.network.books.movementsOf(`${payment}-capture`)).toHaveLength(1);
  });

  it('takes the first command of an id and answers a repeat with the outcome as it stands', async () => {
    const payment = harness.payment();
    const hold = harness.command('hold', payment);
    await wallet.consume([hold, hold, { ...hold, amount: { amount: '1', currency: 'USD' } }]);
    await harness.until(`${payment}-hold`, 'PROCESSED');
    await wallet.consume([hold]);
    const [first, again] = wallet.outcomesOf(hold.instruction_id);
    expect(again).toEqual(first);
    expect(harness.network.books.movementsOf(hold.instruction_id)).toHaveLength(1);
  });

  it('never starts a command whose not_after has passed', async () => {
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment, { not_after: '2020-01-01T00:00:00.000Z' })]);
    expect(wallet.outcomesOf(`${payment}-hold`)).toEqual([
      expect.objectContaining({ outcome: 'NOT_SUBMITTED', reason: 'NOT_AFTER_PASSED' }),
    ]);
    expect(harness.network.books.movementsOf(`${payment}-hold`)).toHaveLength(0);
  });

  it.each([
    ['an unknown instrument', { instrument_id: 'ins_none' }, 'INSTRUMENT_INVALID'],
    ["another partner's instrument", { partner_id: 'prt_other' }, 'INSTRUMENT_INVALID'],
    ['an amount over the limit', amount('100000001'), 'LIMIT_EXCEEDED'],
    ['a foreign currency', { amount: { amount: '100', currency: 'EUR' } }, 'LIMIT_EXCEEDED'],
  ])('declines %s before the wire', async (_what, more, reason) => {
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment, more)]);
    expect(wallet.outcomesOf(`${payment}-hold`)).toEqual([expect.objectContaining({ outcome: 'DECLINED', reason })]);
    expect(harness.network.books.find(`${payment}-hold`)).toBeNull();
  });

  it('repeats what certainly did not leave, with the same id, before it tells anything', async () => {
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment, amount('1902'))]);
    await harness.until(`${payment}-hold`, 'PROCESSED');
    expect(wallet.outcomesOf(`${payment}-hold`)).toHaveLength(1);
    expect(harness.network.books.movementsOf(`${payment}-hold`)).toHaveLength(1);
  });

  it.each([
    ['the answer was lost', '1904'],
    ['the request was lost', '1905'],
    ['the call hung until its deadline', '1906'],
    ['the connection broke after the request', '1909'],
  ])('finds out by enquiry where %s: UNKNOWN, then PROCESSED, one movement', async (_what, minor) => {
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment, amount(minor))]);
    await harness.until(`${payment}-hold`, 'PROCESSED');
    expect(wallet.outcomesOf(`${payment}-hold`).map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'PROCESSED']);
    expect(harness.network.books.movementsOf(`${payment}-hold`)).toHaveLength(1);
  });

  it('follows a pending order by its plan', async () => {
    const payment = harness.payment();
    await wallet.consume([harness.command('collect', payment, amount('1903'))]);
    await harness.until(`${payment}-collect`, 'PROCESSED');
    expect(wallet.outcomesOf(`${payment}-collect`).map(({ outcome, version }) => [outcome, version])).toEqual([
      ['PENDING', 1],
      ['PROCESSED', 2],
    ]);
  });

  it('releases a hold of another amount and only then declines it', async () => {
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment, amount('1907'))]);
    await harness.until(`${payment}-hold`, 'DECLINED');
    expect(wallet.outcomesOf(`${payment}-hold`)).toEqual([
      expect.objectContaining({ outcome: 'DECLINED', reason: 'PARTIAL_APPROVAL' }),
    ]);
    expect(harness.network.books.movementsOf(`${payment}-cancel`)).toHaveLength(1);
  });

  it('tells of another amount on a credit as a conflict, without undoing anything', async () => {
    const payment = harness.payment();
    await wallet.consume([harness.command('credit', payment, amount('1907'))]);
    await harness.until(`${payment}-credit`, 'PROCESSED');
    expect(wallet.outcomesOf(`${payment}-credit`)).toEqual([
      expect.objectContaining({ amount_conflict: true, amount: { amount: '953', currency: 'USD' } }),
    ]);
  });

  it('releases a hold, and cancels an order that waits for the payer', async () => {
    const [held, waiting] = [harness.payment(), harness.payment()];
    await wallet.consume([harness.command('hold', held), harness.command('hold', waiting, amount('1908'))]);
    await harness.until(`${held}-hold`, 'PROCESSED');
    await harness.until(`${waiting}-hold`, 'PENDING');
    await wallet.consume([harness.command('release', held), harness.command('release', waiting, amount('1908'))]);
    await harness.until(`${held}-release`, 'PROCESSED');
    await harness.until(`${waiting}-release`, 'PROCESSED');
    expect(await harness.stateOf(`${held}-hold`)).toBe('PROCESSED');
    await harness.until(`${waiting}-hold`, 'DECLINED');
  });

  it('resolves a target in doubt before it releases it', async () => {
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment, amount('1904'))]);
    await harness.until(`${payment}-hold`, 'UNKNOWN');
    await wallet.consume([harness.command('release', payment, amount('1904'))]);
    await harness.until(`${payment}-release`, 'PROCESSED');
    expect(wallet.outcomesOf(`${payment}-hold`).at(-1)).toMatchObject({ outcome: 'PROCESSED', evidence: 'enquiry' });
    expect(harness.network.books.movementsOf(`${payment}-release`)).toHaveLength(1);
  });

  it('gives a person what its plan could not find out, and goes on asking', async () => {
    const silent = harness.process(
      Object.assign(Object.create(harness.network) as typeof harness.network, {
        enquire: async () => ({ kind: 'UNKNOWN' as const }),
      }),
    );
    const payment = harness.payment();
    await silent.consume([harness.command('credit', payment, amount('1904'))]);
    await harness.until(`${payment}-credit`, 'UNKNOWN');
    silent.start();
    await wallet.stop();
    const end = Date.now() + 60_000;
    while (!silent.outcomesOf(`${payment}-credit`).at(-1)?.needs_person && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(silent.outcomesOf(`${payment}-credit`).at(-1)).toMatchObject({ outcome: 'UNKNOWN', needs_person: true });
  });
});
