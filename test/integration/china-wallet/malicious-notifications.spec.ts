import { generateKeyPairSync } from 'node:crypto';
import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import { Sealer, SystemRandom } from '@gateway/platform';
import { InstrumentRepository } from '@gateway/wallet-network';
import { commandOf, Harness, type RuntimeProcess } from '../wallet-network/support/runtime-harness';
import { amsSignature, readAlipaysOwnKeys, signedForm, type AlipaysOwnKeys, type FormPairs } from './alipay-keys';
import { AlipaySide } from './alipay-side';

jest.setTimeout(120_000);

type Receipt = Awaited<ReturnType<RuntimeProcess['runtime']['notifications']['receive']>>;

/** Malicious input (cases 58 to 63, 65) against the Alipay side: refused with 401, or taken as word that proves nothing. */
describe('notifications that are not what they should be', () => {
  let alipay: AlipaySide;
  let harness: Harness;
  let wallet: RuntimeProcess;
  let keys: AlipaysOwnKeys;
  let serial = 0;
  const foreign = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;

  beforeAll(async () => {
    alipay = await AlipaySide.start();
    keys = await readAlipaysOwnKeys(alipay.simulator.databaseUrl);
    harness = await Harness.open();
    await addPayee();
    wallet = harness.process(alipay.network);
    wallet.start();
  });
  afterAll(async () => {
    await harness?.close();
    await alipay?.stop();
  });
  afterEach(() => alipay.simulator.control('DELETE', '/faults'));

  async function addPayee(): Promise<void> {
    const sealer = new Sealer(Buffer.alloc(32, 1).toString('base64'), new SystemRandom());
    await new InstrumentRepository(harness.test.database, sealer).add({
      instrumentId: 'ins_payee',
      partnerId: 'prt_test',
      capabilities: {
        use: 'be_paid',
        network: 'alipay',
        currency: 'CNY',
        single_use: false,
        scheme: 'alipay',
        minimum_minor: '1',
        maximum_minor: '5000000',
        hold_margin_ms: 0,
        pending_ms: 0,
      },
      label: 'test',
      secret: { identity: 'payee@example.com', identity_type: 'ALIPAY_LOGON_ID', name: 'Bo Example' },
      uniqueKey: null,
      requestKey: null,
      expiresAt: null,
    });
  }
  const credit = (payment: string): WalletCommand =>
    commandOf('credit', payment, { instrument_id: 'ins_payee', amount: { amount: '36021', currency: 'CNY' } });

  /** A credit that Alipay has taken and not finished: what it becomes is open. */
  async function open(outcome: 'success' | 'fail' = 'success', ms = 3_600_000): Promise<string> {
    const payment = harness.payment();
    await alipay.simulator.fault({
      network: 'open_platform',
      operation: 'transfer',
      match: `${payment}-credit`,
      behaviour: 'answer_pending',
      params: { ms, outcome },
    });
    await wallet.consume([credit(payment)]);
    await harness.until(`${payment}-credit`, 'PENDING');
    return `${payment}-credit`;
  }
  async function done(): Promise<string> {
    const payment = harness.payment();
    await wallet.consume([credit(payment)]);
    await harness.until(`${payment}-credit`, 'PROCESSED');
    return `${payment}-credit`;
  }

  /** The fields of a notification about a transfer, unsigned. */
  function about(id: string, change: Record<string, string> = {}, order: Record<string, string> = {}): FormPairs {
    const content = { out_biz_no: id, order_id: '2026', status: 'SUCCESS', trans_amount: '360.21', ...order };
    const fields = {
      notify_id: `n-${++serial}`,
      app_id: alipay.appId,
      charset: 'utf-8',
      msg_method: 'alipay.fund.trans.order.changed',
      sign_type: 'RSA2',
      version: '1.1',
      biz_content: JSON.stringify(content),
      ...change,
    };
    return Object.entries(fields);
  }
  const receiveRaw = (
    rawBody: Buffer,
    headers: Record<string, string> = {},
    path = '/notifications/open-platform',
  ): Promise<Receipt> => wallet.runtime.notifications.receive({ headers, path, rawBody, source: '127.0.0.1' });
  const receive = (pairs: FormPairs): Promise<Receipt> =>
    receiveRaw(Buffer.from(new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString()));
  const signed = (pairs: FormPairs): FormPairs => signedForm(pairs, keys.alipayKey);
  const toAms = (
    body: object,
    sign: (message: Parameters<typeof amsSignature>[0]) => string | undefined,
  ): Promise<Receipt> => {
    const text = JSON.stringify(body);
    const message = { path: '/notifications/ams', clientId: alipay.clientId, time: '1', body: text };
    const signature = sign(message);
    const headers = { 'client-id': message.clientId, 'request-time': '1', ...(signature && { signature }) };
    return receiveRaw(Buffer.from(text), headers, message.path);
  };
  const stateOf = async (id: string): Promise<unknown> =>
    harness.test.database.query('SELECT state, outcome FROM instruction WHERE instruction_id = $1', [id]);

  /** Refused, nothing but its hash kept, nothing changed, and the next good one is taken. */
  async function expectRefused(id: string, ...attempts: (() => Promise<Receipt>)[]): Promise<void> {
    const before = await stateOf(id);
    const told = wallet.outcomesOf(id).length;
    for (const attempt of attempts) expect(await attempt()).toEqual({ status: 401 });
    expect(await stateOf(id)).toEqual(before);
    expect(wallet.outcomesOf(id)).toHaveLength(told);
    const kept = await harness.test.database.query(
      'SELECT 1 FROM notification WHERE accepted = false AND instruction_id IS NOT NULL',
    );
    expect(kept).toEqual([]);
    expect((await receive(signed(about('pay_nobody-credit')))).status).toBe(200);
  }
  async function untilAtRest(id: string): Promise<void> {
    const end = Date.now() + 60_000;
    for (;;) {
      const rows = await harness.test.database.query(
        'SELECT 1 FROM instruction WHERE instruction_id = $1 AND (due IS NULL OR due > clock_now())',
        [id],
      );
      if (rows.length === 1) return;
      if (Date.now() > end) throw new Error(`${id} does not come to rest`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('case 58: forged, unsigned, by another key, or with its algorithm downgraded', async () => {
    const id = await open();
    const good = signed(about(id));
    const without = (name: string): FormPairs => good.filter(([field]) => field !== name);
    await expectRefused(
      id,
      () => receive(about(id)),
      () => receive([...about(id), ['sign', 'AAAA']]),
      () => receive(signedForm(about(id), foreign)),
      () => receive(signedForm(about(id, { sign_type: 'RSA' }), keys.alipayKey, 'RSA-SHA1')),
      () => receive(signedForm(about(id, { sign_type: 'RSA' }), keys.alipayKey)),
      () => receive([...about(id, { sign_type: 'MD5' }), ['sign', '5f4dcc3b5aa765d61d8327deb882cf99']]),
      () => receive([...without('biz_content'), ['biz_content', JSON.stringify({ out_biz_no: id, status: 'FAIL' })]]),
      () => receive([...good, ['another', 'field']]),
    );
    expect((await receive(good)).status).toBe(200);
  });

  it('case 58: the same of the cross-border contract', async () => {
    const id = await open();
    const body = { notifyType: 'PAYMENT_RESULT', paymentRequestId: id, result: { resultStatus: 'F' } };
    await expectRefused(
      id,
      () => toAms(body, () => 'algorithm=RSA256,keyVersion=1,signature=AAAA'),
      () => toAms(body, (message) => amsSignature(message, foreign)),
      () => toAms(body, (message) => amsSignature(message, keys.amsServerKey).replace('RSA256', 'RSA1')),
      () => toAms(body, (message) => amsSignature(message, keys.amsServerKey).replace('keyVersion=1', 'keyVersion=9')),
      () => toAms(body, (message) => amsSignature({ ...message, path: '/other' }, keys.amsServerKey)),
      () => toAms(body, (message) => amsSignature({ ...message, body: `${message.body} ` }, keys.amsServerKey)),
      // No signature at all is taken for the other contract's, whose form this is not.
      () => toAms(body, () => undefined),
    );
    expect((await toAms(body, (message) => amsSignature(message, keys.amsServerKey))).status).toBe(200);
  });

  it('case 59: rightly signed for another application, or naming another amount, currency or order', async () => {
    const id = await open('success', 1_000);
    await expectRefused(
      id,
      () => receive(signed(about(id, { app_id: '2021000000000001' }))),
      () => receive(signed(about(id, { app_id: '' }))),
    );
    const before = await stateOf('pay_nobody-credit');
    const orders: Record<string, string>[] = [
      { trans_amount: '0.01' },
      { trans_currency: 'USD' },
      { out_biz_no: 'pay_nobody-credit' },
    ];
    for (const order of orders) expect((await receive(signed(about(id, {}, order)))).status).toBe(200);
    expect(await stateOf('pay_nobody-credit')).toEqual(before);
    // What became of it is what Alipay answers when it is asked, not what the notifications said.
    await harness.until(id, 'PROCESSED', 60_000);
    expect(wallet.outcomesOf(id).at(-1)?.amount).toEqual({ amount: '36021', currency: 'CNY' });
  });

  it('case 60: replayed after the money came back', async () => {
    const id = await done();
    const success = signed(about(id));
    await alipay.simulator.control('POST', `/transfers/${id}/return`);
    expect((await receive(success)).status).toBe(200);
    const end = Date.now() + 60_000;
    while (wallet.outcomesOf(id).at(-1)?.returned === undefined && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const told = wallet.outcomesOf(id).length;
    expect(wallet.outcomesOf(id).at(-1)?.returned).toEqual({ amount: '36021', currency: 'CNY' });
    for (let time = 0; time < 8; time++) expect((await receive(success)).status).toBe(200);
    expect((await receive(signed(about(id)))).status).toBe(200);
    await untilAtRest(id);
    expect(wallet.outcomesOf(id)).toHaveLength(told);
  });

  it('case 61: a parameter given twice, and a charset that would change the signed text', async () => {
    const id = await open();
    const good = signed(about(id));
    const gbk = Buffer.concat([Buffer.from('subject='), Buffer.from([0xd6, 0xd0, 0xce, 0xc4])]);
    await expectRefused(
      id,
      () => receive([...good, ['biz_content', JSON.stringify({ out_biz_no: 'other' })]]),
      () => receive([...good, ['app_id', alipay.appId]]),
      () => receive(signed([...about(id), ['total_amount', '1.00'], ['total_amount', '9.00']])),
      () => receive(signed(about(id, { charset: 'GBK' }))),
      () => receiveRaw(gbk),
      () => receiveRaw(Buffer.alloc(0)),
    );
  });

  it('case 62: success of a closed order, and a status that nobody knows', async () => {
    const id = await open('fail', 500);
    await harness.until(id, 'DECLINED', 60_000);
    const told = wallet.outcomesOf(id).length;
    expect((await receive(signed(about(id, {}, { status: 'SUCCESS' })))).status).toBe(200);
    expect((await receive(signed(about(id, {}, { status: 'TRADE_SUCCESS' })))).status).toBe(200);
    await untilAtRest(id);
    // The network does not prove it: nothing changes, and a person gets both words, once.
    expect([await harness.stateOf(id), wallet.outcomesOf(id).length]).toEqual(['DECLINED', told + 1]);
    expect(wallet.outcomesOf(id).at(-1)).toMatchObject({
      outcome: 'DECLINED',
      contradicted: { later: { status: 'SUCCESS' } },
    });
    const waits = await open();
    expect((await receive(signed(about(waits, {}, { status: 'SOMETHING_NEW' })))).status).toBe(200);
    await untilAtRest(waits);
    expect(await harness.stateOf(waits)).toBe('PENDING');
  });

  it('case 63: of another tenant: its application, its client, or a payment that is not ours', async () => {
    const id = await open();
    const body = { notifyType: 'PAYMENT_RESULT', paymentRequestId: id, result: { resultStatus: 'S' } };
    const text = JSON.stringify(body);
    const other = { path: '/notifications/ams', clientId: 'ANOTHER_CLIENT', time: '1', body: text };
    await expectRefused(
      id,
      () => receive(signed(about(id, { app_id: '2021000000009999' }))),
      () =>
        receiveRaw(
          Buffer.from(text),
          { 'client-id': other.clientId, 'request-time': '1', signature: amsSignature(other, keys.amsServerKey) },
          other.path,
        ),
    );
    const asked = (await harness.test.database.query('SELECT 1 FROM instruction')).length;
    expect((await receive(signed(about('pay_of_somebody_else-credit')))).status).toBe(200);
    expect((await harness.test.database.query('SELECT 1 FROM instruction')).length).toBe(asked);
    expect(wallet.transactions.audited.filter((action) => action === 'notification.about_nothing_known')).not.toEqual(
      [],
    );
  });

  it('case 65: a flood of a thousand: each is answered, and Alipay is asked a few times only', async () => {
    const id = await open();
    const began = performance.now();
    const forged = (place: number): FormPairs => [...about(id, { notify_id: `f-${place}` }), ['sign', 'AAAA']];
    const receipts = await Promise.all(
      Array.from({ length: 1_000 }, (_unused, place) => receive(place % 2 === 0 ? signed(about(id)) : forged(place))),
    );
    const statuses = receipts.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(statuses.filter((status) => [200, 401, 503].includes(status))));
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    await untilAtRest(id);
    const evidence = await harness.test.database.query(
      `SELECT 1 FROM instruction_evidence WHERE instruction_id = $1 AND source = 'enquiry'`,
      [id],
    );
    // At most one question in 2 s, however many notifications there are, and those of the plan.
    expect(evidence.length).toBeLessThan(20 + (performance.now() - began) / 2_000);
    expect(await harness.stateOf(id)).toBe('PENDING');
    expect((await receive(signed(about(id)))).status).toBe(200);
  });
});
