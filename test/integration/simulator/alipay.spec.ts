import { createPublicKey, createSign, createVerify, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlipaySdk } from 'alipay-sdk';
import { eventually, RunningSimulator } from './running-simulator';

jest.setTimeout(60_000);

interface Credentials {
  ams: { client_id: string; private_key: string; alipay_public_key: string };
  open_platform: {
    app_id: string;
    app_private_key: string;
    app_cert: string;
    alipay_public_cert: string;
    alipay_root_cert: string;
  };
}
type Json = Record<string, unknown>;

let simulator: RunningSimulator;
let credentials: Credentials;
let receiver: Server;
let receiverUrl: string;
let received: { headers: IncomingMessage['headers']; url: string; body: string }[] = [];
let acknowledgement = '{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}';

beforeAll(async () => {
  receiver = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({ headers: incoming.headers, url: incoming.url ?? '', body });
      response.writeHead(200).end(acknowledgement);
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  simulator = await RunningSimulator.start();
  credentials = await simulator.control<Credentials>('GET', '/alipay/credentials');
});
afterAll(async () => {
  await simulator.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});
beforeEach(() => {
  received = [];
});
afterEach(async () => {
  await simulator.control('DELETE', '/faults');
  await simulator.control('POST', '/clock', { offset_ms: 0 });
});

const newId = (step: string): string => `pay_${randomUUID().replaceAll('-', '').slice(0, 26)}-${step}`;

describe('the simulated cross-border API, spoken to by hand', () => {
  /** Signs as the documents say, verifies the answer over the bytes received. */
  async function call(operation: string, body: Json, wish: { key?: string; signal?: AbortSignal } = {}): Promise<Json> {
    const { client_id, private_key, alipay_public_key } = credentials.ams;
    const path = `/ams/api/v1/payments/${operation}`;
    const text = JSON.stringify(body);
    const time = new Date().toISOString();
    const content = `POST ${path}\n${client_id}.${time}.${text}`;
    const signature = createSign('RSA-SHA256')
      .update(content)
      .sign(wish.key ?? private_key, 'base64');
    const response = await fetch(`${simulator.url}${path}`, {
      method: 'POST',
      body: text,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': client_id,
        'request-time': time,
        signature: `algorithm=RSA256, keyVersion=1, signature=${encodeURIComponent(signature)}`,
      },
      ...(wish.signal && { signal: wish.signal }),
    });
    const answer = await response.text();
    const offered = /signature=(.+)$/.exec(response.headers.get('signature') ?? '')?.[1];
    const signed = `POST ${path}\n${client_id}.${response.headers.get('response-time')}.${answer}`;
    const isGood =
      offered !== undefined &&
      createVerify('RSA-SHA256').update(signed).verify(alipay_public_key, decodeURIComponent(offered), 'base64');
    return { ...(JSON.parse(answer) as Json), isSigned: isGood };
  }

  const code = (marker = '0000'): string => `289999${marker}${String(Date.now()).slice(-8)}`;

  function order(id: string, paymentCode: string | undefined, value = '36021'): Json {
    const amount = { currency: 'CNY', value };
    return {
      paymentRequestId: id,
      paymentAmount: amount,
      order: { referenceOrderId: id, orderDescription: 'order', orderAmount: amount },
      settlementStrategy: { settlementCurrency: 'CNY' },
      paymentNotifyUrl: `${receiverUrl}/notifications/ams?of=us`,
      ...(paymentCode === undefined
        ? { productCode: 'CASHIER_PAYMENT', paymentMethod: { paymentMethodType: 'ALIPAY_CN' } }
        : {
            productCode: 'IN_STORE_PAYMENT',
            paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: paymentCode },
            paymentFactor: { inStorePaymentScenario: 'PaymentCode' },
          }),
    };
  }

  it('collects by a payment code at once, signed, settled in CNY', async () => {
    const id = newId('collect');
    const answer = await call('pay', order(id, code()));
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
    expect(await call('pay', order(newId('collect'), code()), { key: foreign })).toMatchObject({
      isSigned: false,
      result: { resultStatus: 'F', resultCode: 'SIGNATURE_INVALID' },
    });
  });

  it('repeats the answer for the same id, executes once, and refuses changed fields under it', async () => {
    const id = newId('collect');
    const body = order(id, code());
    const answers = await Promise.all([1, 2, 3, 4].map(() => call('pay', body)));
    expect(new Set(answers.map((answer) => answer['paymentId'])).size).toBe(1);
    expect(await simulator.movements(id)).toHaveLength(1);
    expect(await call('pay', { ...body, paymentAmount: { currency: 'CNY', value: '1' } })).toMatchObject({
      result: { resultStatus: 'F', resultCode: 'REPEAT_REQ_INCONSISTENT' },
    });
  });

  it('declines for good: the repeat and the enquiry say the same', async () => {
    const id = newId('collect');
    const body = order(id, code('0051'));
    const failure = { resultStatus: 'F', resultCode: 'USER_BALANCE_NOT_ENOUGH' };
    expect(await call('pay', body)).toMatchObject({ result: failure });
    expect(await call('pay', body)).toMatchObject({ result: failure });
    expect(await call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
      result: { resultStatus: 'S' },
      paymentStatus: 'FAIL',
    });
    expect(await simulator.movements(id)).toEqual([]);
  });

  it('is in process first and succeeds by itself, and tells so with a signed notification', async () => {
    const id = newId('collect');
    expect(await call('pay', order(id, code('1005')))).toMatchObject({
      result: { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' },
    });
    expect(await call('inquiryPayment', { paymentRequestId: id })).toMatchObject({ paymentStatus: 'PROCESSING' });
    const told = await eventually(async () => received.find(({ body }) => body.includes(id)));
    const offered = /signature=(.+)$/.exec(String(told.headers['signature']))?.[1] ?? '';
    const content = `POST ${told.url}\n${credentials.ams.client_id}.${String(told.headers['request-time'])}.${told.body}`;
    expect(told.url).toBe('/notifications/ams?of=us');
    expect(
      createVerify('RSA-SHA256')
        .update(content)
        .verify(createPublicKey(credentials.ams.alipay_public_key), decodeURIComponent(offered), 'base64'),
    ).toBe(true);
    expect(JSON.parse(told.body)).toMatchObject({ notifyType: 'PAYMENT_RESULT', result: { resultStatus: 'S' } });
    expect(await call('inquiryPayment', { paymentRequestId: id })).toMatchObject({ paymentStatus: 'SUCCESS' });
  });

  it('makes an order that waits for the payer, who confirms', async () => {
    const id = newId('collect');
    expect(await call('pay', order(id, undefined))).toMatchObject({
      result: { resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' },
      normalUrl: expect.stringContaining('https://'),
      schemeUrl: expect.stringContaining('alipays://'),
    });
    expect(await simulator.movements(id)).toEqual([]);
    await simulator.control('POST', `/ams/orders/${id}/confirm`, {});
    expect(await call('inquiryPayment', { paymentRequestId: id })).toMatchObject({ paymentStatus: 'SUCCESS' });
    expect(await simulator.movements(id)).toHaveLength(1);
  });

  it('closes an order that nobody paid within 14 minutes', async () => {
    const id = newId('collect');
    await call('pay', order(id, undefined));
    await simulator.control('POST', '/clock', { offset_ms: 14 * 60_000 + 1000 });
    expect(await call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
      paymentStatus: 'FAIL',
      paymentResultCode: 'ORDER_IS_CLOSED',
    });
  });

  it('cancels an open order; who pays it all the same gets everything back', async () => {
    const id = newId('collect');
    await call('pay', order(id, undefined));
    expect(await call('cancel', { paymentRequestId: id })).toMatchObject({ result: { resultStatus: 'S' } });
    expect(await call('cancel', { paymentRequestId: id })).toMatchObject({ result: { resultStatus: 'S' } });
    await simulator.control('POST', `/ams/orders/${id}/confirm`, {});
    expect(await simulator.movements(id)).toEqual([
      { operation: 'pay', amount: '36021', sign: -1 },
      { operation: 'automatic_refund', amount: '36021', sign: 1 },
    ]);
    expect(await call('inquiryPayment', { paymentRequestId: id })).toMatchObject({ paymentStatus: 'CANCELLED' });
  });

  it('cancels a paid order until a quarter past midnight in China, afterwards only refunds', async () => {
    const [early, late] = [newId('collect'), newId('collect')];
    await call('pay', order(early, code()));
    await call('pay', order(late, code()));
    expect(await call('cancel', { paymentRequestId: early })).toMatchObject({ result: { resultStatus: 'S' } });
    expect((await simulator.movements(early)).at(-1)).toEqual({ operation: 'cancel', amount: '36021', sign: 1 });
    await simulator.control('POST', '/clock', { offset_ms: 2 * 86_400_000 });
    expect(await call('cancel', { paymentRequestId: late })).toMatchObject({
      result: { resultStatus: 'F', resultCode: 'CANCEL_WINDOW_EXCEED' },
    });
  });

  it('refunds in parts, once per refund id, never above what was paid', async () => {
    const id = newId('collect');
    const { paymentId } = await call('pay', order(id, code()));
    const refund = (refundRequestId: string, value: string): Promise<Json> =>
      call('refund', { refundRequestId, paymentId, refundAmount: { currency: 'CNY', value } });
    const first = `${id}-r1`;
    const answers = await Promise.all([refund(first, '20000'), refund(first, '20000'), refund(first, '20000')]);
    expect(new Set(answers.map((answer) => answer['refundId'])).size).toBe(1);
    expect(answers[0]).toMatchObject({ result: { resultStatus: 'S' }, refundAmount: { value: '20000' } });
    expect(await refund(first, '1')).toMatchObject({ result: { resultCode: 'REPEAT_REQ_INCONSISTENT' } });
    expect(await refund(`${id}-r2`, '16022')).toMatchObject({ result: { resultCode: 'REFUND_AMOUNT_EXCEED' } });
    expect(await refund(`${id}-r2`, '16021')).toMatchObject({ result: { resultStatus: 'S' } });
    expect(await simulator.movements(first)).toEqual([{ operation: 'refund', amount: '20000', sign: 1 }]);
    expect(await call('inquiryRefund', { refundRequestId: first })).toMatchObject({ refundStatus: 'SUCCESS' });
    expect(await call('inquiryRefund', { refundRequestId: 'nobody' })).toMatchObject({
      result: { resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST' },
    });
  });

  it('executes and stays silent; the enquiry tells', async () => {
    const id = newId('collect');
    const body = order(id, code('1001'));
    await expect(call('pay', body, { signal: AbortSignal.timeout(500) })).rejects.toThrow();
    expect(await call('inquiryPayment', { paymentRequestId: id })).toMatchObject({ paymentStatus: 'SUCCESS' });
    expect(await call('pay', body)).toMatchObject({ result: { resultStatus: 'S' } });
    expect(await simulator.movements(id)).toHaveLength(1);
  });

  it('says that it does not know sixty times, then that it failed', async () => {
    const id = newId('collect');
    const rule = { network: 'ams', operation: 'inquiryPayment', match: id };
    await simulator.fault({ ...rule, behaviour: 'answer_unknown', executed: false, times: 60 });
    for (let i = 0; i < 60; i++) {
      expect(await call('inquiryPayment', { paymentRequestId: id })).toMatchObject({
        isSigned: true,
        result: { resultStatus: 'U', resultCode: 'UNKNOWN_EXCEPTION' },
      });
    }
    expect(await call('inquiryPayment', { paymentRequestId: id })).toMatchObject({ result: { resultStatus: 'F' } });
  });

  it('signs badly, tells another amount, tells late, tells eight times when told so', async () => {
    const [bad, other, eight] = [newId('collect'), newId('collect'), newId('collect')];
    await simulator.fault({ network: 'ams', operation: 'pay', match: bad, behaviour: 'bad_signature' });
    expect(await call('pay', order(bad, code()))).toMatchObject({ isSigned: false, result: { resultStatus: 'S' } });
    await simulator.fault({
      network: 'ams',
      match: other,
      behaviour: 'notify_other_amount',
      amount: '7',
      currency: 'USD',
    });
    await call('pay', order(other, code()));
    const told = await eventually(async () => received.find(({ body }) => body.includes(other)));
    expect(JSON.parse(told.body)).toMatchObject({ paymentAmount: { value: '7', currency: 'USD' } });
    await simulator.fault({ network: 'ams', match: eight, behaviour: 'notify_twice', copies: 8 });
    await call('pay', order(eight, code()));
    await eventually(async () => (received.filter(({ body }) => body.includes(eight)).length === 8 ? true : undefined));
  });
});

describe('the simulated open platform, used by its official client', () => {
  let client: AlipaySdk;

  beforeAll(() => {
    const app = credentials.open_platform;
    client = new AlipaySdk({
      appId: app.app_id,
      privateKey: app.app_private_key,
      keyType: 'PKCS8',
      gateway: `${simulator.url}/gateway.do`,
      appCertContent: app.app_cert,
      alipayPublicCertContent: app.alipay_public_cert,
      alipayRootCertContent: app.alipay_root_cert,
      timeout: 800,
    });
    acknowledgement = 'success';
  });

  function transfer(outBizNo: string, identity = 'payee@example.com', amount = '360.21'): Promise<Json> {
    const bizContent = {
      out_biz_no: outBizNo,
      trans_amount: amount,
      product_code: 'TRANS_ACCOUNT_NO_PWD',
      biz_scene: 'DIRECT_TRANSFER',
      order_title: '跨境付款 100%+',
      payee_info: { identity, identity_type: 'ALIPAY_LOGON_ID', name: '沙箱' },
    };
    const notify_url = `${receiverUrl}/notifications/fund`;
    return client.exec('alipay.fund.trans.uni.transfer', { notify_url, bizContent }, { validateSign: true });
  }

  function query(outBizNo: string): Promise<Json> {
    const bizContent = { out_biz_no: outBizNo, product_code: 'TRANS_ACCOUNT_NO_PWD', biz_scene: 'DIRECT_TRANSFER' };
    return client.exec('alipay.fund.trans.common.query', { bizContent }, { validateSign: true });
  }

  it('transfers in certificate mode, finds it again, and tells with a signed form', async () => {
    const id = newId('credit');
    expect(await transfer(id)).toMatchObject({ code: '10000', outBizNo: id, status: 'SUCCESS', amount: '360.21' });
    expect(await query(id)).toMatchObject({ code: '10000', status: 'SUCCESS', transAmount: '360.21' });
    expect(await simulator.movements(id)).toEqual([{ operation: 'transfer', amount: '36021', sign: 1 }]);
    const told = await eventually(async () => received.find(({ body }) => body.includes(id)));
    const form = Object.fromEntries(new URLSearchParams(told.body));
    const { alipay_cert_sn: _, ...fields } = form;
    expect(client.checkNotifySignV2(fields)).toBe(true);
    expect(client.checkNotifySignV2({ ...fields, utc_timestamp: '1' })).toBe(false);
    expect(JSON.parse(form['biz_content'] ?? '')).toMatchObject({ out_biz_no: id, status: 'SUCCESS' });
  });

  it('refuses an application key that is not registered', async () => {
    const stranger = new AlipaySdk({
      ...client.config,
      privateKey: credentials.ams.private_key,
      keyType: 'PKCS8',
      appCertContent: credentials.open_platform.app_cert,
      alipayPublicCertContent: credentials.open_platform.alipay_public_cert,
      alipayRootCertContent: credentials.open_platform.alipay_root_cert,
    });
    const answer = await stranger.exec('alipay.fund.trans.common.query', { bizContent: { out_biz_no: 'x' } });
    expect(answer).toMatchObject({ code: '40002', subCode: 'isv.invalid-signature' });
  });

  it('does one transfer per number, and refuses other content under it', async () => {
    const id = newId('credit');
    const answers = await Promise.all([1, 2, 3, 4].map(() => transfer(id)));
    expect(new Set(answers.map((answer) => answer['orderId'])).size).toBe(1);
    expect(await simulator.movements(id)).toHaveLength(1);
    expect(await transfer(id, 'payee@example.com', '1.00')).toMatchObject({
      code: '40004',
      subCode: 'PAYMENT_INFO_INCONSISTENCY',
    });
  });

  it.each([
    ['closed@example.com', 'PAYEE_ACCOUNT_STATUS_ERROR'],
    ['limit@example.com', 'EXCEED_LIMIT_MM_AMOUNT'],
    ['wrong_name@example.com', 'PAYEE_USER_INFO_ERROR'],
    ['unknown_account@example.com', 'PAYEE_NOT_EXIST'],
  ])('refuses %s with %s for good', async (identity, subCode) => {
    const id = newId('credit');
    expect(await transfer(id, identity)).toMatchObject({ code: '40004', subCode });
    expect(await transfer(id, identity)).toMatchObject({ code: '40004', subCode });
    expect(await query(id)).toMatchObject({ code: '10000', status: 'FAIL', errorCode: subCode });
    expect(await simulator.movements(id)).toEqual([]);
  });

  it('does not know what it was never told', async () => {
    expect(await query(newId('credit'))).toMatchObject({ code: '40004', subCode: 'ORDER_NOT_EXIST' });
  });

  it.each([
    ['timeout_executed@example.com', 1],
    ['timeout_not_executed@example.com', 0],
    ['error_executed@example.com', 1],
  ])('breaks for %s with %s movements, and the repeat makes it one', async (identity, movements) => {
    const id = newId('credit');
    await expect(transfer(id, identity)).rejects.toThrow();
    expect(await simulator.movements(id)).toHaveLength(movements);
    expect(await transfer(id, identity)).toMatchObject({ code: '10000', status: 'SUCCESS' });
    expect(await simulator.movements(id)).toHaveLength(1);
  });

  it('closes the connection; the client sends the same request again by itself, and it is one transfer', async () => {
    const id = newId('credit');
    expect(await transfer(id, 'connection_closed@example.com')).toMatchObject({ code: '10000', status: 'SUCCESS' });
    expect(await simulator.movements(id)).toHaveLength(1);
    const again = newId('credit');
    const rule = { network: 'open_platform', operation: 'transfer', match: again };
    await simulator.fault({ ...rule, behaviour: 'close_connection', executed: false, times: 5 });
    await expect(transfer(again)).rejects.toThrow();
    expect(await simulator.movements(again)).toEqual([]);
  });

  it('is dealing first, then done, or then failed', async () => {
    const [done, failed] = [newId('credit'), newId('credit')];
    expect(await transfer(done, 'dealing@example.com')).toMatchObject({ status: 'DEALING' });
    expect(await transfer(failed, 'dealing_then_fail@example.com')).toMatchObject({ status: 'DEALING' });
    await simulator.control('POST', '/clock', { offset_ms: 5000 });
    expect(await query(done)).toMatchObject({ status: 'SUCCESS' });
    expect(await query(failed)).toMatchObject({ status: 'FAIL' });
    expect(await simulator.movements(failed)).toEqual([]);
  });

  it('says that it cannot tell, having executed', async () => {
    const id = newId('credit');
    expect(await transfer(id, 'system_error@example.com')).toMatchObject({ code: '40004', subCode: 'SYSTEM_ERROR' });
    expect(await query(id)).toMatchObject({ status: 'SUCCESS' });
  });

  it('signs badly when told so, and the client notices', async () => {
    const id = newId('credit');
    await simulator.fault({ network: 'open_platform', operation: 'transfer', match: id, behaviour: 'bad_signature' });
    await expect(transfer(id)).rejects.toThrow();
  });

  it('gives a credited transfer back when its bank says so', async () => {
    const id = newId('credit');
    await transfer(id);
    await simulator.control('POST', `/transfers/${id}/return`, {});
    expect(await query(id)).toMatchObject({ status: 'REFUND' });
    expect((await simulator.movements(id)).map(({ sign }) => sign)).toEqual([1, -1]);
  });
});
