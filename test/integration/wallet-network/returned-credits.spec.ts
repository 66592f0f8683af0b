import { signInProcess } from '@gateway/wallet-network';
import { Harness, spied, type RuntimeProcess } from './support/runtime-harness';

jest.setTimeout(180_000);

describe('credits that come back days after they were processed', () => {
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

  const notify = async (instructionId: string): Promise<void> => {
    const body = { notification_id: `n-${++notifications}`, instruction_id: instructionId };
    const rawBody = Buffer.from(JSON.stringify(body));
    const headers = { 'x-signature': signInProcess(rawBody) };
    const receipt = await wallet.runtime.notifications.receive({ headers, path: '/notifications', rawBody });
    expect(receipt.status).toBe(200);
  };
  const credited = async (): Promise<string> => {
    const payment = harness.payment();
    await wallet.consume([harness.command('credit', payment)]);
    await harness.until(`${payment}-credit`, 'PROCESSED');
    asked.length = 0;
    return `${payment}-credit`;
  };
  const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
    const end = Date.now() + 60_000;
    while (!(await what())) {
      if (Date.now() > end) throw new Error('it did not happen');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const atRest = async (id: string): Promise<boolean> => {
    const rows = await harness.test.database.query(
      'SELECT 1 FROM instruction WHERE instruction_id = $1 AND due IS NULL',
      [id],
    );
    return rows.length === 1;
  };

  it('a notification has the network asked once, whose word is told as a higher version of the same outcome', async () => {
    const id = await credited();
    harness.network.giveBack(id);
    await notify(id);
    await until(() => wallet.outcomesOf(id).length === 2);
    const amount = { amount: '10200', currency: 'USD' };
    expect(
      wallet.outcomesOf(id).map(({ returned, ...rest }) => [rest.version, rest.outcome, rest.amount, returned]),
    ).toEqual([
      [1, 'PROCESSED', amount, undefined],
      [2, 'PROCESSED', amount, amount],
    ]);
    expect(wallet.outcomesOf(id)[1]!.evidence).toBe('enquiry');
    for (let time = 0; time < 8; time++) await notify(id);
    await until(() => atRest(id));
    expect([wallet.outcomesOf(id).length, asked]).toEqual([2, ['enquire']]);
  });

  it('a repeat of the command hears how it stands', async () => {
    const id = await credited();
    harness.network.giveBack(id);
    await notify(id);
    await until(() => wallet.outcomesOf(id).length === 2);
    await wallet.consume([harness.command('credit', id.replace('-credit', ''))]);
    expect(wallet.outcomesOf(id)[2]).toEqual(wallet.outcomesOf(id)[1]);
  });

  it('notifications that come while it is asked about are not lost: the answer under way proves nothing new', async () => {
    const id = await credited();
    for (let time = 0; time < 5; time++) await notify(id);
    harness.network.giveBack(id);
    await notify(id);
    await until(() => wallet.outcomesOf(id).length === 2);
    expect(wallet.outcomesOf(id)[1]!.returned).toEqual({ amount: '10200', currency: 'USD' });
  });

  it('a notification about a credit that stays changes nothing, and about a hold asks nothing', async () => {
    const id = await credited();
    await notify(id);
    await until(() => asked.length > 0);
    await until(() => atRest(id));
    expect(wallet.outcomesOf(id)).toHaveLength(1);
    const payment = harness.payment();
    await wallet.consume([harness.command('hold', payment)]);
    await harness.until(`${payment}-hold`, 'PROCESSED');
    await notify(`${payment}-hold`);
    expect(await atRest(`${payment}-hold`)).toBe(true);
  });
});
