import { until } from '../../e2e/support/until';
import { Harness, type RuntimeProcess } from './support/runtime-harness';

jest.setTimeout(180_000);

const PLAN = { delaysMs: [1_000], giveUpAfterMs: 1_000 };
const minor = (amount: string): { amount: { amount: string; currency: string } } => ({
  amount: { amount, currency: 'USD' },
});

describe('what happens when an enquiry plan ends', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  /** A process whose network never knows what became of anything. */
  function ignorant(): RuntimeProcess {
    const answers = { enquire: async () => ({ kind: 'UNKNOWN' as const }) };
    return harness.process(Object.assign(Object.create(harness.network) as typeof harness.network, answers));
  }

  it('an order that the payer does not confirm is cancelled until definite, and declined', async () => {
    harness = await Harness.open({ enquiry: { ...PLAN, cancelAtEnd: true } });
    const wallet = harness.process();
    wallet.start();
    const payment = harness.payment();
    await wallet.consume([harness.command('collect', payment, minor('1908'))]);
    await harness.until(`${payment}-collect`, 'DECLINED');
    expect(wallet.outcomesOf(`${payment}-collect`).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['PENDING', undefined],
      ['DECLINED', 'PAYER_DID_NOT_CONFIRM'],
    ]);
    expect(harness.network.books.movementsOf(`${payment}-cancel`)).toHaveLength(1);
  });

  it('a hold in doubt that is to be released is released by our id, and both end only by the network’s yes', async () => {
    // Long enough for a look at the release before the plan ends.
    harness = await Harness.open({ enquiry: { ...PLAN, giveUpAfterMs: 8_000, cancelAtEnd: false } });
    const wallet = ignorant();
    wallet.start();
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment, minor('1904'))]);
    await harness.until(`${payment}-hold`, 'UNKNOWN');
    await wallet.consume([harness.command('release', payment, minor('1904'))]);
    expect(await harness.stateOf(`${payment}-release`)).toBe('QUEUED');
    await harness.until(`${payment}-release`, 'PROCESSED');
    expect(await harness.stateOf(`${payment}-hold`)).toBe('DECLINED');
    expect(harness.network.books.movementsOf(`${payment}-release`)).toHaveLength(1);
    expect(wallet.outcomesOf(`${payment}-hold`).map(({ outcome, needs_person }) => [outcome, needs_person])).toEqual([
      ['UNKNOWN', undefined],
      ['UNKNOWN', true],
      ['DECLINED', undefined],
    ]);
  });

  it('without proof nothing ends: an unknown credit stands still, for a person', async () => {
    harness = await Harness.open({ enquiry: { ...PLAN, cancelAtEnd: false } });
    const wallet = ignorant();
    wallet.start();
    const payment = harness.payment();
    await wallet.consume([harness.command('credit', payment, minor('1904'))]);
    await until('a person is asked', async () => wallet.outcomesOf(`${payment}-credit`).at(-1)?.needs_person);
    expect(await harness.stateOf(`${payment}-credit`)).toBe('UNKNOWN');
    expect(wallet.outcomesOf(`${payment}-credit`).at(-1)).toMatchObject({ outcome: 'UNKNOWN', needs_person: true });
    expect(harness.network.books.movementsOf(`${payment}-credit`)).toHaveLength(1);
  });
});
