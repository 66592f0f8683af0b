import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import { Sealer, SystemRandom } from '@gateway/platform';
import { InstrumentRepository } from '@gateway/wallet-network';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { DisputeSweep } from '../../../apps/us-wallet/src/disputes/dispute-sweep';
import { migrations } from '../../../apps/us-wallet/src/migrations';
import { DisputeSweepRepository } from '../../../apps/us-wallet/src/outbound/dispute-sweep.repository';
import { newReference } from '../simulator/running-simulator';
import { commandOf, RuntimeProcess } from '../wallet-network/support/runtime-harness';
import { CardSide, following, within } from './card-side';

jest.setTimeout(180_000);

/** The simulated acquirer has nobody to send its webhooks to here: all of them are lost. */
describe('disputes whose webhooks are lost for good', () => {
  let card: CardSide;
  let test: TestDatabase;
  let wallet: RuntimeProcess;
  let sweeps: [DisputeSweep, DisputeSweep];

  beforeAll(async () => {
    test = await createTestDatabase(migrations);
    card = await CardSide.start();
    wallet = new RuntimeProcess(test.database, card.network);
    wallet.start();
    const instance = (): DisputeSweep =>
      new DisputeSweep(card.clients, new DisputeSweepRepository(test.database), wallet.runtime.notifications);
    sweeps = [instance(), instance()];
  });
  afterAll(async () => {
    await wallet?.stop();
    await card?.stop();
    await test?.drop();
  });
  beforeEach(() => due());
  afterEach(() => card.simulator.control('DELETE', '/faults'));

  const set = (assignment: string): Promise<unknown> => test.database.query(`UPDATE dispute_sweep SET ${assignment}`);
  const due = (): Promise<unknown> => set(`due = clock_now(), lease_until = '-infinity'`);
  const sweptUntil = async (): Promise<Date> =>
    (await test.database.query<{ swept_until: Date }>('SELECT swept_until FROM dispute_sweep'))[0]!.swept_until;
  async function until(what: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + 60_000;
    while (!(await what())) {
      if (Date.now() > end) throw new Error('it did not happen');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** A purchase that the wallet has held and the acquirer captured. Answers the id of its hold. */
  async function captured(): Promise<string> {
    const { secret, capabilities } = await card.take('pay');
    const instrumentId = newReference('ins');
    const sealer = new Sealer(Buffer.alloc(32, 1).toString('base64'), new SystemRandom());
    await new InstrumentRepository(test.database, sealer).add({
      instrumentId,
      partnerId: 'prt_test',
      capabilities,
      label: 'test',
      secret,
      uniqueKey: null,
      requestKey: null,
      expiresAt: null,
    });
    const payment = newReference('pay').replace(/-pay$/, '');
    const hold = `${payment}-hold`;
    await wallet.consume([commandOf('hold', payment, { instrument_id: instrumentId })]);
    await until(() => wallet.outcomesOf(hold).some(({ outcome }) => outcome === 'PROCESSED'));
    const networkReference = wallet.outcomesOf(hold).at(-1)?.network_reference ?? null;
    const first = { ...(await card.instruct('hold')), instructionId: hold, paymentId: payment };
    await card.network.capture(following(first, 'capture', { networkReference }), within());
    return hold;
  }
  async function disputed(hold: string): Promise<string> {
    const claim = { category: 'product_service_not_received', reason_code: '13.1' };
    return (await card.simulator.control<{ id: string }>('POST', `/payments/${hold}/dispute`, claim)).id;
  }
  const told = (hold: string): NetworkDispute[] =>
    wallet.outcomesOf(hold).flatMap(({ disputes }) => (disputes === undefined ? [] : [...disputes]));

  it('are found by asking what has changed, each change once, and told as if the webhook had come', async () => {
    const hold = await captured();
    const id = await disputed(hold);
    expect(await sweeps[0].run()).toBe(1);
    await until(() => told(hold).length > 0);
    expect(told(hold)).toMatchObject([{ network_reference: id, status: 'open', category: 'not_received' }]);
    expect(await sweeps[0].run()).toBeNull();

    await due();
    expect(await sweeps[1].run()).toBe(0);
    await card.simulator.control('POST', `/disputes/${id}/decide`, { decision: 'lost' });
    await due();
    expect(await sweeps[1].run()).toBe(1);
    await until(() => told(hold).some(({ status }) => status === 'lost'));
    expect(told(hold).map(({ status }) => status)).toEqual(['open', 'lost']);
  });

  it('are asked for by one of two instances at once', async () => {
    const hold = await captured();
    await disputed(hold);
    const asked = await Promise.all(sweeps.map((sweep) => sweep.run()));
    expect(asked.filter((count) => count !== null)).toEqual([1]);
    await until(() => told(hold).length === 1);
  });

  it('one that changed before the last sweep, and was not listed then, is found within the overlap', async () => {
    const hold = await captured();
    await disputed(hold);
    await set(`swept_until = clock_now() + interval '23 hours'`);
    expect(await sweeps[0].run()).toBe(1);
    await disputed(await captured());
    await due();
    await set(`swept_until = clock_now() + interval '25 hours'`);
    expect(await sweeps[0].run()).toBe(0);
    await due();
    expect(await sweeps[0].run()).toBe(1);
  });

  it('an acquirer that does not list them is asked again from the same moment on', async () => {
    await disputed(await captured());
    const before = await sweptUntil();
    // As often as anybody asks: the wallet looks at disputes of its own accord, too.
    await card.simulator.control('POST', '/faults', {
      network: 'acquirer',
      operation: 'dispute',
      behaviour: 'http_500',
      times: 1_000,
    });
    await expect(sweeps[0].run()).rejects.toThrow('the acquirer has not listed its disputes');
    expect(await sweptUntil()).toEqual(before);
    await card.simulator.control('DELETE', '/faults');
    await due();
    expect(await sweeps[1].run()).toBe(1);
    expect((await sweptUntil()).getTime()).toBeGreaterThan(before.getTime());
  });

  it('whoever has lost the lease does no more', async () => {
    await disputed(await captured());
    const before = await sweptUntil();
    const repository = new DisputeSweepRepository(test.database);
    const slow = (await repository.claim())!;
    await due();
    expect(await sweeps[1].run()).toBe(1);
    expect(await repository.keep(slow)).toBe(false);
    const after = await sweptUntil();
    await repository.finish({ ...slow, began: before });
    expect(await sweptUntil()).toEqual(after);
  });
});
