import { MAGIC_AMOUNTS } from '../../../apps/simulator/src/faults/magic-amounts';
import { AmsMerchant, paymentCode, type AlipayCredentials, type Json } from './ams-merchant';
import { NotificationReceiver } from './notification-receiver';
import { eventually, newReference, RunningSimulator } from './running-simulator';

jest.setTimeout(120_000);

const SECOND = 1_000;
const SOMEBODY_ELSES = 'pay_00000000000000000000000000-collect';

/** How a test has the network misbehave: through the control API, or by the amount that it sends. */
const WAYS = ['control API', 'amount'] as const;
type Way = (typeof WAYS)[number];

/** Reliability R9: what networks are known to do wrong, each in both ways. */
describe.each(WAYS)('the simulated Alipay misbehaves, chosen by the %s', (way: Way) => {
  let simulator: RunningSimulator;
  let receiver: NotificationReceiver;
  let merchant: AmsMerchant;

  beforeAll(async () => {
    receiver = await NotificationReceiver.listen();
    receiver.answer = '{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}';
    simulator = await RunningSimulator.start();
    const credentials = await simulator.control<AlipayCredentials>('GET', '/alipay/credentials');
    merchant = new AmsMerchant(simulator, credentials.ams, `${receiver.url}/notifications/ams`);
  });
  afterAll(async () => {
    await simulator?.stop();
    await receiver?.close();
  });
  afterEach(async () => {
    await simulator.control('DELETE', '/faults');
    await simulator.control('POST', '/clock', { offset_ms: 0 });
  });

  /** The body of a payment that meets this misbehaviour, under an id of its own. */
  async function payment(amount: string): Promise<{ id: string; body: Json }> {
    const id = newReference('collect');
    const value = way === 'amount' ? amount : '36021';
    const { behaviour, params } = MAGIC_AMOUNTS[amount]!.does;
    if (way === 'control API')
      await simulator.fault({ network: 'ams', operation: 'pay', match: id, behaviour, params });
    const money = { currency: 'CNY', value };
    const body = merchant.body(id, paymentCode());
    return { id, body: { ...body, paymentAmount: money, order: { ...(body['order'] as Json), orderAmount: money } } };
  }
  const pay = (body: Json, withinMs = 20 * SECOND): Promise<Json> =>
    merchant.call('pay', body, { signal: AbortSignal.timeout(withinMs) });
  const statusOf = async (id: string): Promise<unknown> =>
    (await merchant.call('inquiryPayment', { paymentRequestId: id }))['paymentStatus'];
  const operations = async (id: string): Promise<string[]> =>
    (await simulator.movements(id)).map(({ operation }) => operation);
  const notified = (id: string, count: number): Promise<Json[]> =>
    eventually(async () => {
      const told = receiver.about(id);
      return told.length >= count ? told.map(({ body }) => JSON.parse(body) as Json) : undefined;
    });

  it.each([
    ['1 s', '666681', SECOND],
    ['90 s', '666682', 90 * SECOND],
    ['30 min', '666683', 1_800 * SECOND],
    ['the next day', '666684', 86_400 * SECOND],
  ])('says nothing, and succeeds after all: %s', async (_name, amount, laterMs) => {
    const { id, body } = await payment(amount);
    await expect(pay(body, 300)).rejects.toThrow();
    expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
      result: { resultCode: 'ORDER_NOT_EXIST' },
    });
    await simulator.control('POST', '/clock', { offset_ms: laterMs });
    await eventually(async () => ((await operations(id)).length > 0 ? true : undefined));
    expect([await operations(id), await statusOf(id)]).toEqual([['pay'], 'SUCCESS']);
  });

  it('succeeds, and takes it back by itself', async () => {
    const { id, body } = await payment('666685');
    expect(await pay(body)).toMatchObject({ result: { resultStatus: 'S' } });
    await simulator.control('POST', '/clock', { offset_ms: 60 * SECOND });
    await eventually(async () => ((await operations(id)).length > 1 ? true : undefined));
    expect([await operations(id), await statusOf(id)]).toEqual([['pay', 'cancel'], 'CANCELLED']);
  });

  it('tells success, and then failure', async () => {
    const { id, body } = await payment('666686');
    expect(await pay(body)).toMatchObject({ result: { resultStatus: 'S' } });
    const told = await notified(id, 2);
    expect(told.map(({ result }) => (result as Json)['resultStatus']).sort()).toEqual(['F', 'S']);
    expect([await operations(id), await statusOf(id)]).toEqual([['pay'], 'SUCCESS']);
  });

  it('tells before it answers', async () => {
    const { id, body } = await payment('666687');
    let answered = false;
    const answer = pay(body).finally(() => (answered = true));
    await notified(id, 1);
    expect(answered).toBe(false);
    expect(await answer).toMatchObject({ result: { resultStatus: 'S' } });
  });

  it('tells eight times', async () => {
    const { id, body } = await payment('666688');
    await pay(body);
    expect(await notified(id, 8)).toHaveLength(8);
  });

  it('tells of a payment that is not ours', async () => {
    const before = receiver.about(SOMEBODY_ELSES).length;
    const { id, body } = await payment('666689');
    await pay(body);
    await notified(SOMEBODY_ELSES, before + 1);
    expect(receiver.about(SOMEBODY_ELSES).at(-1)?.body).not.toContain(`"paymentRequestId":"${id}"`);
  });

  it('tells another amount', async () => {
    const { id, body } = await payment('666690');
    await pay(body);
    expect((await notified(id, 1))[0]).toMatchObject({ paymentAmount: { value: '1' } });
  });

  it('says 60 times that it does not know, and then no', async () => {
    const { id, body } = await payment('666697');
    expect(await pay(body)).toMatchObject({ result: { resultStatus: 'U' } });
    for (let time = 0; time < 60; time++) {
      const { result } = await merchant.call('inquiryPayment', { paymentRequestId: id });
      expect([time, (result as Json)['resultStatus']]).toEqual([time, 'U']);
    }
    expect([await statusOf(id), await operations(id)]).toEqual(['FAIL', []]);
  });

  it('answers HTTP 500 with the body success, and has executed', async () => {
    const { id, body } = await payment('666698');
    await expect(pay(body)).rejects.toThrow(SyntaxError);
    expect(await operations(id)).toEqual(['pay']);
  });

  it('closes the connection after the request', async () => {
    const { id, body } = await payment('666694');
    await expect(pay(body)).rejects.toThrow();
    expect(await operations(id)).toEqual(['pay']);
  });
});
