import { randomBytes, randomUUID } from 'node:crypto';
import { until } from '../../e2e/support/until';
import { signInProcess } from '@gateway/wallet-network';
import { Harness, spied, type RuntimeProcess } from './support/runtime-harness';

jest.setTimeout(180_000);

const DECLINED = { amount: { amount: '10901', currency: 'USD' } };
const AMOUNT = { amount: '10200', currency: 'USD' };

describe('notifications that say the opposite of what is certain', () => {
  let harness: Harness;
  let wallet: RuntimeProcess;
  const asked: string[] = [];

  beforeAll(async () => {
    harness = await Harness.open();
    wallet = harness.process(spied(harness, asked));
    wallet.start();
  });
  afterAll(() => harness.close());

  const notify = async (instructionId: string, claim: 'done' | 'not_done' | 'taken_back'): Promise<void> => {
    const body = { notification_id: randomUUID(), instruction_id: instructionId, claim };
    const rawBody = Buffer.from(JSON.stringify(body));
    const headers = { 'x-signature': signInProcess(rawBody) };
    const receipt = await wallet.runtime.notifications.receive({ headers, path: '/notifications', rawBody });
    expect(receipt.status).toBe(200);
  };
  const ended = async (operation: 'hold' | 'collect' | 'credit', state: string, more = {}): Promise<string> => {
    const payment = harness.payment();
    await wallet.consume([harness.command(operation, payment, more)]);
    await harness.until(`${payment}-${operation}`, state);
    asked.length = 0;
    return `${payment}-${operation}`;
  };
  const untilAtRest = (id: string): Promise<unknown> =>
    until(`${id} is at rest`, async () => {
      const rows = await harness.test.database.query(
        'SELECT 1 FROM instruction WHERE instruction_id = $1 AND due IS NULL',
        [id],
      );
      return rows.length === 1;
    });

  it.each([
    ['a notification id that no index holds', { notification_id: randomBytes(4_000).toString('hex') }],
    ['a character in its id that no database keeps', { notification_id: 'ntf\u0000' }],
    ['a character in the instruction that no database keeps', { instruction_id: 'pay_1-hold\u0000' }],
    ['an instruction that is a book', { instruction_id: randomBytes(4_000).toString('hex') }],
  ])('of %s are acknowledged, put on record, and about nothing', async (_what, fields) => {
    const rawBody = Buffer.from(
      JSON.stringify({ notification_id: randomUUID(), instruction_id: 'pay_none-hold', ...fields }),
    );
    const headers = { 'x-signature': signInProcess(rawBody) };
    const before = wallet.transactions.audited.length;
    const receipt = await wallet.runtime.notifications.receive({ headers, path: '/notifications', rawBody });
    expect(receipt.status).toBe(200);
    expect(wallet.transactions.audited.slice(before)).toEqual(['notification.about_nothing_known']);
  });

  it.each(['hold', 'credit'] as const)(
    'against a yes (%s): it stands, and both words are told once',
    async (operation) => {
      const id = await ended(operation, 'PROCESSED');
      await notify(id, 'done');
      await untilAtRest(id);
      await notify(id, 'not_done');
      await until('the conflict is told', async () => wallet.outcomesOf(id).length === 2);
      const [first, second] = wallet.outcomesOf(id);
      expect(second).toEqual({
        ...first,
        version: 2,
        evidence: 'enquiry',
        at: second?.at,
        contradicted: { earlier: { claim: 'done' }, later: { claim: 'not_done' } },
      });
      await notify(id, 'not_done');
      await untilAtRest(id);
      expect(wallet.outcomesOf(id)).toHaveLength(2);
      expect(await harness.stateOf(id)).toBe('PROCESSED');
    },
  );

  it('against a no: the network is asked, whose word alone changes it, and then it is told as late', async () => {
    const id = await ended('hold', 'DECLINED', DECLINED);
    await notify(id, 'done');
    await until('the network is asked', async () => asked.includes('enquire'));
    await untilAtRest(id);
    expect(wallet.outcomesOf(id)).toHaveLength(1);

    harness.network.succeedLate(id, DECLINED.amount);
    await notify(id, 'done');
    await until('the late yes is told', async () => wallet.outcomesOf(id).length === 2);
    expect(wallet.outcomesOf(id)[1]).toMatchObject({ outcome: 'PROCESSED', late: true, amount: DECLINED.amount });
  });

  it('against a no, while the network is asked about an earlier one: it is asked again, as its answer may be older', async () => {
    const id = await ended('hold', 'DECLINED', DECLINED);
    let answerFirst = (): void => undefined;
    const first = new Promise<void>((resolve) => (answerFirst = resolve));
    const { enquire } = wallet.network;
    let looks = 0;
    wallet.network.enquire = async (...call) => {
      const answer = await enquire(...call);
      if (++looks === 1) await first;
      return answer;
    };
    try {
      await notify(id, 'done');
      await until('the network is asked', async () => looks === 1);
      harness.network.succeedLate(id, DECLINED.amount);
      await notify(id, 'done');
      answerFirst();
      await until('the late yes is told', async () => wallet.outcomesOf(id).length === 2);
      expect(wallet.outcomesOf(id)[1]).toMatchObject({ outcome: 'PROCESSED', late: true });
    } finally {
      answerFirst();
      wallet.network.enquire = enquire;
    }
  });

  it.each(['hold', 'collect'] as const)(
    'against a yes (%s), after one of which nothing came: the network is asked again, and what it has taken back is told',
    async (operation) => {
      const id = await ended(operation, 'PROCESSED');
      await notify(id, 'not_done');
      await until('the conflict is told', async () => wallet.outcomesOf(id).length === 2);
      harness.network.giveBack(id);
      await notify(id, 'not_done');
      await until('the taking back is told', async () => wallet.outcomesOf(id).length === 3);
      const [first, , third] = wallet.outcomesOf(id);
      expect(third).toMatchObject({ outcome: 'PROCESSED', returned: first?.amount });
    },
  );

  it('against a no of a credit that the network does not prove: it stands, and both words are told once', async () => {
    const id = await ended('credit', 'DECLINED', DECLINED);
    await notify(id, 'not_done');
    await untilAtRest(id);
    await notify(id, 'done');
    await until('the conflict is told', async () => wallet.outcomesOf(id).length === 2);
    expect(wallet.outcomesOf(id)[1]).toMatchObject({
      outcome: 'DECLINED',
      version: 2,
      contradicted: { earlier: { claim: 'not_done' }, later: { claim: 'done' } },
    });
    await notify(id, 'done');
    await untilAtRest(id);
    expect(wallet.outcomesOf(id)).toHaveLength(2);
    expect(await harness.stateOf(id)).toBe('DECLINED');
  });

  it.each(['hold', 'collect'] as const)(
    'against a yes (%s) that the network has taken back by itself: told with what was taken back, as no conflict',
    async (operation) => {
      const id = await ended(operation, 'PROCESSED');
      harness.network.giveBack(id);
      await notify(id, 'taken_back');
      await until('the taking back is told', async () => wallet.outcomesOf(id).length === 2);
      const [first, second] = wallet.outcomesOf(id);
      expect(second).toEqual({ ...first, version: 2, evidence: 'enquiry', at: second?.at, returned: first?.amount });
      await notify(id, 'taken_back');
      await untilAtRest(id);
      expect(wallet.outcomesOf(id)).toHaveLength(2);
      await notify(id, 'not_done');
      await untilAtRest(id);
      expect(await harness.stateOf(id)).toBe('PROCESSED');
    },
  );

  it('that something was taken back says of a hold that it does not stand, and of anything else that it was done', async () => {
    const hold = await ended('hold', 'PROCESSED');
    const credit = await ended('credit', 'PROCESSED');
    const refused = await ended('credit', 'DECLINED', DECLINED);
    await Promise.all([hold, credit, refused].map((id) => notify(id, 'taken_back')));
    const told = (id: string): number => wallet.outcomesOf(id).length;
    await until('the conflicts are told', async () => told(hold) === 2 && told(refused) === 2);
    await untilAtRest(credit);
    expect([hold, refused].map((id) => wallet.outcomesOf(id)[1]?.contradicted)).toEqual([
      { earlier: null, later: { claim: 'taken_back' } },
      { earlier: null, later: { claim: 'taken_back' } },
    ]);
    expect(told(credit)).toBe(1);
  });

  describe('before anything is certain', () => {
    const OPEN = { amount: { amount: '10908', currency: 'USD' } };
    const YES = (id: string): void => harness.network.succeedLate(id, OPEN.amount);
    const NO = (id: string): void => harness.network.books.keep(id, { kind: 'DECLINED', reason: 'OTHER' });
    /** An order that waits, of which the network says these words, and then ends. */
    const said = async (
      operation: 'hold' | 'collect' | 'credit',
      words: readonly ('done' | 'not_done')[],
      end: (id: string) => void,
      state: string,
    ): Promise<string> => {
      const id = await ended(operation, 'PENDING', OPEN);
      for (const word of words) await notify(id, word);
      end(id);
      await harness.until(id, state);
      return id;
    };

    it.each([
      ['hold', 'PROCESSED', ['not_done'], YES],
      ['credit', 'PROCESSED', ['not_done', 'done'], YES],
      ['credit', 'DECLINED', ['done'], NO],
      ['collect', 'DECLINED', ['done', 'not_done'], NO],
    ] as const)('F17 a %s that ends %s against %j: it stands, and both words are told once', async (...given) => {
      const [operation, state, words, end] = given;
      const id = await said(operation, words, end, state);
      const conflict = (): object | undefined => wallet.outcomesOf(id).find(({ contradicted }) => contradicted);
      await until('the conflict is told', async () => conflict() !== undefined);
      const [agrees, opposes] = state === 'PROCESSED' ? ['done', 'not_done'] : ['not_done', 'done'];
      const earlier = (words as readonly string[]).includes(agrees) ? { claim: agrees } : null;
      expect(conflict()).toMatchObject({ outcome: state, contradicted: { earlier, later: { claim: opposes } } });
      const told = wallet.outcomesOf(id).length;
      for (const word of words) await notify(id, word);
      await untilAtRest(id);
      expect([wallet.outcomesOf(id).length, await harness.stateOf(id)]).toEqual([told, state]);
    });

    it('what is said is no conflict where it agrees, and the network proves what was said before', async () => {
      const yes = await said('hold', ['done'], YES, 'PROCESSED');
      const no = await said('credit', ['not_done'], NO, 'DECLINED');
      await Promise.all([untilAtRest(yes), untilAtRest(no)]);
      for (const id of [yes, no]) expect(wallet.outcomesOf(id).filter((one) => one.contradicted)).toEqual([]);
    });
  });

  it('that agree with what is certain have nothing asked', async () => {
    const no = await ended('hold', 'DECLINED', DECLINED);
    await notify(no, 'not_done');
    const yes = await ended('hold', 'PROCESSED', { amount: AMOUNT });
    await notify(yes, 'done');
    await Promise.all([untilAtRest(no), untilAtRest(yes)]);
    expect(asked).toEqual([]);
    expect([wallet.outcomesOf(no).length, wallet.outcomesOf(yes).length]).toEqual([1, 1]);
  });
});
