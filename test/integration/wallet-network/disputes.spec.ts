import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import { signInProcess } from '@gateway/wallet-network';
import { Harness, spied, type RuntimeProcess } from './support/runtime-harness';

jest.setTimeout(180_000);

const AMOUNT = { amount: '10200', currency: 'USD' };

describe('disputes of what was processed months before', () => {
  let harness: Harness;
  let wallet: RuntimeProcess;
  const asked: string[] = [];
  let notifications = 0;

  beforeAll(async () => {
    harness = await Harness.open();
    wallet = harness.process(spied(harness, asked));
    wallet.start();
  });
  afterAll(() => harness.close());

  const notify = async (instructionId: string, about = 'dispute'): Promise<void> => {
    const body = { notification_id: `d-${++notifications}`, instruction_id: instructionId, about };
    const rawBody = Buffer.from(JSON.stringify(body));
    const headers = { 'x-signature': signInProcess(rawBody) };
    const receipt = await wallet.runtime.notifications.receive({ headers, path: '/notifications', rawBody });
    expect(receipt.status).toBe(200);
  };
  const dispute = (status: NetworkDispute['status'], more: Partial<NetworkDispute> = {}): NetworkDispute => ({
    network_reference: 'dsp_a',
    status,
    amount: AMOUNT,
    category: 'not_received',
    reason_code: '13.1',
    received_at: '2026-11-28T10:00:00.000Z',
    ...more,
  });
  const held = async (operation: 'hold' | 'collect' = 'hold'): Promise<string> => {
    const payment = harness.payment();
    await wallet.consume([harness.command(operation, payment)]);
    await harness.until(`${payment}-${operation}`, 'PROCESSED');
    asked.length = 0;
    return `${payment}-${operation}`;
  };
  const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
    const end = Date.now() + 60_000;
    while (!(await what())) {
      if (Date.now() > end) throw new Error('it did not happen');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  /** Nothing is done about it before this many hours have passed; null: nothing at all. */
  const dueIn = async (id: string): Promise<number | null | undefined> => {
    const [row] = await harness.test.database.query<{ hours: number | null }>(
      `SELECT extract(epoch FROM due - clock_now())::float / 3600 AS hours FROM instruction
       WHERE instruction_id = $1 AND lease_until < clock_timestamp()`,
      [id],
    );
    return row?.hours;
  };

  it.each(['hold', 'collect'] as const)(
    'a notification has the network asked about the %s, whose word is told',
    async (operation) => {
      const id = await held(operation);
      harness.network.dispute(id, [dispute('open')]);
      await notify(id);
      await until(() => wallet.outcomesOf(id).length === 2);
      expect(wallet.outcomesOf(id).map(({ version, outcome, disputes }) => [version, outcome, disputes])).toEqual([
        [1, 'PROCESSED', undefined],
        [2, 'PROCESSED', [dispute('open')]],
      ]);
      expect(asked).toEqual(['enquire']);
      await until(async () => ((await dueIn(id)) ?? 0) > 1);
      for (const status of ['under_review', 'won'] as const) {
        harness.network.dispute(id, [dispute(status)]);
        await notify(id);
        await until(() => wallet.outcomesOf(id).at(-1)?.disputes?.[0]?.status === status);
      }
      await until(async () => (await dueIn(id)) === null);
      expect(wallet.outcomesOf(id).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    },
  );

  it('told twice is told once: what the network repeats is no new version', async () => {
    const id = await held();
    harness.network.dispute(id, [dispute('lost')]);
    await notify(id);
    await until(() => wallet.outcomesOf(id).length === 2);
    for (let time = 0; time < 5; time++) await notify(id);
    await until(async () => asked.length > 1 && (await dueIn(id)) === null);
    expect(wallet.outcomesOf(id)).toHaveLength(2);
  });

  it('the first amount and time that were confirmed stay: what a later refund goes by', async () => {
    const id = await held();
    const confirmed = (): Promise<Record<string, unknown>[]> =>
      harness.test.database.query('SELECT processed_amount, processed_at FROM instruction WHERE instruction_id = $1', [
        id,
      ]);
    const before = await confirmed();
    harness.network.dispute(id, [dispute('open')]);
    await notify(id);
    await until(() => wallet.outcomesOf(id).length === 2);
    expect(await confirmed()).toEqual(before);
  });

  it('other notifications about a hold ask nothing, and a dispute of a credit is none', async () => {
    const id = await held();
    harness.network.dispute(id, [dispute('open')]);
    await notify(id, 'payment');
    const payment = harness.payment();
    await wallet.consume([harness.command('credit', payment)]);
    await harness.until(`${payment}-credit`, 'PROCESSED');
    asked.length = 0;
    await notify(`${payment}-credit`);
    expect([await dueIn(id), await dueIn(`${payment}-credit`), asked]).toEqual([null, null, []]);
  });

  it.each(['represent', 'accept'] as const)(
    '%s is an instruction like any other, once however often it comes',
    async (operation) => {
      const target = await held();
      const payment = target.replace('-hold', '');
      const command = {
        ...harness.command(operation, payment),
        target_instruction_id: target,
        dispute: { network_reference: 'dsp_a', ...(operation === 'represent' && { evidence: { additional: 'EX-1' } }) },
      };
      await wallet.consume([command]);
      await harness.until(`${payment}-${operation}`, 'PROCESSED');
      await wallet.consume([command]);
      const told = wallet.outcomesOf(`${payment}-${operation}`);
      expect(told.map(({ version, outcome, amount }) => [version, outcome, amount])).toEqual([
        [1, 'PROCESSED', AMOUNT],
        [1, 'PROCESSED', AMOUNT],
      ]);
      expect(asked.filter((what) => what === operation)).toHaveLength(1);
    },
  );

  it('disputes of a network’s answer that cannot be true are no answer', async () => {
    const id = await held();
    harness.network.dispute(id, [dispute('open', { amount: { amount: '-1', currency: 'USD' } })]);
    await notify(id);
    await until(() => asked.length >= 2);
    expect(wallet.outcomesOf(id)).toHaveLength(1);
    harness.network.dispute(id, [dispute('open')]);
    await until(() => wallet.outcomesOf(id).length === 2);
  });
});
