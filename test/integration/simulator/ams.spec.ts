import { AmsMerchant, paymentCode, type AlipayCredentials, type Json } from './ams-merchant';
import { NotificationReceiver } from './notification-receiver';
import { eventually, newReference, RunningSimulator } from './running-simulator';

jest.setTimeout(180_000);

let simulator: RunningSimulator;
let credentials: AlipayCredentials;
let receiver: NotificationReceiver;

beforeAll(async () => {
  receiver = await NotificationReceiver.listen();
  receiver.answer = '{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}';
  simulator = await RunningSimulator.start();
  credentials = await simulator.control<AlipayCredentials>('GET', '/alipay/credentials');
});
afterAll(async () => {
  await simulator.stop();
  await receiver.close();
});
afterEach(async () => {
  await simulator.control('DELETE', '/faults');
  await simulator.control('POST', '/clock', { offset_ms: 0 });
});

describe('the simulated cross-border API, spoken to by hand', () => {
  let merchant: AmsMerchant;

  beforeAll(() => {
    merchant = new AmsMerchant(simulator, credentials.ams, `${receiver.url}/notifications/ams?of=us`);
  });

  it('collects by a payment code at once, signed, settled in CNY', async () => {
    const id = newReference('collect');
    const answer = await merchant.call('pay', merchant.body(id, paymentCode()));
    expect(answer).toMatchObject({
      isSigned: true,
      result: { resultStatus: 'S', resultCode: 'SUCCESS' },
      paymentRequestId: id,
      paymentAmount: { currency: 'CNY', value: '36021' },
      grossSettlementAmount: { currency: 'CNY', value: '36021' },
    });
    expect(answer['paymentTime']).toBeDefined();
    expect(await simulator.movements(id)).toEqual([{ operation: 'pay', amount: '36021', sign: -1 }]);
  });

  it('refuses a foreign signature with an unsigned answer', async () => {
    const foreign = credentials.open_platform.app_private_key;
    expect(
      await merchant.call('pay', merchant.body(newReference('collect'), paymentCode()), { key: foreign }),
    ).toMatchObject({
      isSigned: false,
      result: { resultStatus: 'F', resultCode: 'SIGNATURE_INVALID' },
    });
  });

  it('repeats the answer for the same id, executes once, and refuses changed fields under it', async () => {
    const id = newReference('collect');
    const body = merchant.body(id, paymentCode());
    const answers = await Promise.all([1, 2, 3, 4].map(() => merchant.call('pay', body)));
    expect(new Set(answers.map((answer) => answer['paymentId'])).size).toBe(1);
    expect(await simulator.movements(id)).toHaveLength(1);
    expect(await merchant.call('pay', { ...body, paymentAmount: { currency: 'CNY', value: '1' } })).toMatchObject({
      result: { resultStatus: 'F', resultCode: 'REPEAT_REQ_INCONSISTENT' },
    });
  });

  it('declines for good: the repeat and the enquiry say the same', async () => {
    const id = newReference('collect');
    const body = merchant.body(id, paymentCode('0051'));
    const failure = { resultStatus: 'F', resultCode: 'USER_BALANCE_NOT_ENOUGH' };
    expect(await merchant.call('pay', body)).toMatchObject({ result: failure });
    expect(await merchant.call('pay', body)).toMatchObject({ result: failure });
    expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
      result: { resultStatus: 'S' },
      paymentStatus: 'FAIL',
    });
    expect(await simulator.movements(id)).toEqual([]);
  });

  it('is in process first and succeeds by itself, and tells so with a signed notification', async () => {
    const id = newReference('collect');
    expect(await merchant.call('pay', merchant.body(id, paymentCode('1005')))).toMatchObject({
      result: { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' },
    });
    expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
      paymentStatus: 'PROCESSING',
    });
    const told = await eventually(async () => receiver.about(id)[0]);
    const { 'request-time': time, 'client-id': clientId, signature } = told.headers;
    expect(told.url).toBe('/notifications/ams?of=us');
    expect(
      merchant.accepts(`POST ${told.url}\n${String(clientId)}.${String(time)}.${told.body}`, String(signature)),
    ).toBe(true);
    expect(JSON.parse(told.body)).toMatchObject({ notifyType: 'PAYMENT_RESULT', result: { resultStatus: 'S' } });
    expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({ paymentStatus: 'SUCCESS' });
  });

  it('makes an order that waits for the payer, who confirms', async () => {
    const id = newReference('collect');
    expect(await merchant.call('pay', merchant.body(id, undefined))).toMatchObject({
      result: { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' },
      normalUrl: expect.stringContaining('https://') as string,
      schemeUrl: expect.stringContaining('alipays://') as string,
    });
    expect(await simulator.movements(id)).toEqual([]);
    await simulator.control('POST', `/ams/orders/${id}/confirm`, {});
    expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({ paymentStatus: 'SUCCESS' });
    expect(await simulator.movements(id)).toHaveLength(1);
  });

  it('closes an order that nobody paid within 14 minutes', async () => {
    const id = newReference('collect');
    await merchant.call('pay', merchant.body(id, undefined));
    await simulator.control('POST', '/clock', { offset_ms: 14 * 60_000 + 1000 });
    expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
      paymentStatus: 'FAIL',
      paymentResultCode: 'ORDER_IS_CLOSED',
    });
  });

  it('cancels an open order; who pays it all the same gets everything back', async () => {
    const id = newReference('collect');
    await merchant.call('pay', merchant.body(id, undefined));
    expect(await merchant.call('cancel', { paymentRequestId: id })).toMatchObject({ result: { resultStatus: 'S' } });
    expect(await merchant.call('cancel', { paymentRequestId: id })).toMatchObject({ result: { resultStatus: 'S' } });
    await simulator.control('POST', `/ams/orders/${id}/confirm`, {});
    expect(await simulator.movements(id)).toEqual([
      { operation: 'pay', amount: '36021', sign: -1 },
      { operation: 'automatic_refund', amount: '36021', sign: 1 },
    ]);
    expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
      paymentStatus: 'CANCELLED',
    });
  });

  it('cancels a paid order until a quarter past midnight in China, afterwards only refunds', async () => {
    const [early, late] = [newReference('collect'), newReference('collect')];
    await merchant.call('pay', merchant.body(early, paymentCode()));
    await merchant.call('pay', merchant.body(late, paymentCode()));
    expect(await merchant.call('cancel', { paymentRequestId: early })).toMatchObject({ result: { resultStatus: 'S' } });
    expect((await simulator.movements(early)).at(-1)).toEqual({ operation: 'cancel', amount: '36021', sign: 1 });
    await simulator.control('POST', '/clock', { offset_ms: 2 * 86_400_000 });
    expect(await merchant.call('cancel', { paymentRequestId: late })).toMatchObject({
      result: { resultStatus: 'F', resultCode: 'CANCEL_WINDOW_EXCEED' },
    });
  });

  it('refunds in parts, once per refund id, never above what was paid', async () => {
    const id = newReference('collect');
    const { paymentId } = await merchant.call('pay', merchant.body(id, paymentCode()));
    const refund = (refundRequestId: string, value: string): Promise<Json> =>
      merchant.call('refund', { refundRequestId, paymentId, refundAmount: { currency: 'CNY', value } });
    const first = `${id}-r1`;
    const answers = await Promise.all([refund(first, '20000'), refund(first, '20000'), refund(first, '20000')]);
    expect(new Set(answers.map((answer) => answer['refundId'])).size).toBe(1);
    expect(answers[0]).toMatchObject({ result: { resultStatus: 'S' }, refundAmount: { value: '20000' } });
    expect(await refund(first, '1')).toMatchObject({ result: { resultCode: 'REPEAT_REQ_INCONSISTENT' } });
    expect(await refund(`${id}-r2`, '16022')).toMatchObject({ result: { resultCode: 'REFUND_AMOUNT_EXCEED' } });
    expect(await refund(`${id}-r2`, '16021')).toMatchObject({ result: { resultStatus: 'S' } });
    expect(await simulator.movements(first)).toEqual([{ operation: 'refund', amount: '20000', sign: 1 }]);
    expect(await merchant.call('inquiryRefund', { refundRequestId: first })).toMatchObject({ refundStatus: 'SUCCESS' });
    expect(await merchant.call('inquiryRefund', { refundRequestId: 'nobody' })).toMatchObject({
      result: { resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST' },
    });
  });

  it('executes and stays silent; the enquiry tells', async () => {
    const id = newReference('collect');
    const body = merchant.body(id, paymentCode('1001'));
    const patience = new AbortController();
    const silent = expect(merchant.call('pay', body, { signal: patience.signal })).rejects.toThrow();
    await eventually(async () => ((await simulator.movements(id)).length === 1 ? true : undefined));
    patience.abort();
    await silent;
    expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({ paymentStatus: 'SUCCESS' });
    expect(await merchant.call('pay', body)).toMatchObject({ result: { resultStatus: 'S' } });
    expect(await simulator.movements(id)).toHaveLength(1);
  });

  it('says that it does not know sixty times, then that it failed', async () => {
    const id = newReference('collect');
    const rule = { network: 'ams', operation: 'inquiryPayment', match: id };
    await simulator.fault({ ...rule, behaviour: 'answer_unknown', executed: false, times: 60 });
    for (let i = 0; i < 60; i++) {
      expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
        isSigned: true,
        result: { resultStatus: 'U', resultCode: 'UNKNOWN_EXCEPTION' },
      });
    }
    expect(await merchant.call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
      result: { resultStatus: 'F' },
    });
  });

  it('signs badly, tells another amount, tells late, tells eight times when told so', async () => {
    const [bad, other, eight] = [newReference('collect'), newReference('collect'), newReference('collect')];
    await simulator.fault({ network: 'ams', operation: 'pay', match: bad, behaviour: 'bad_signature' });
    expect(await merchant.call('pay', merchant.body(bad, paymentCode()))).toMatchObject({
      isSigned: false,
      result: { resultStatus: 'S' },
    });
    await simulator.fault({
      network: 'ams',
      match: other,
      behaviour: 'notify_other_amount',
      amount: '7',
      currency: 'USD',
    });
    await merchant.call('pay', merchant.body(other, paymentCode()));
    const told = await eventually(async () => receiver.about(other)[0]);
    expect(JSON.parse(told.body)).toMatchObject({ paymentAmount: { value: '7', currency: 'USD' } });
    await simulator.fault({ network: 'ams', match: eight, behaviour: 'notify_twice', copies: 8 });
    await merchant.call('pay', merchant.body(eight, paymentCode()));
    await eventually(async () => (receiver.about(eight).length === 8 ? true : undefined));
  });
});
