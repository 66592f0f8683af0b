import { AlipaySdk } from 'alipay-sdk';
import type { AlipayCredentials, Json } from './ams-merchant';
import { NotificationReceiver } from './notification-receiver';
import { eventually, newReference, RunningSimulator } from './running-simulator';

jest.setTimeout(180_000);

let simulator: RunningSimulator;
let credentials: AlipayCredentials;
let receiver: NotificationReceiver;

beforeAll(async () => {
  receiver = await NotificationReceiver.listen();
  receiver.answer = 'success';
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
    const notify_url = `${receiver.url}/notifications/fund`;
    return client.exec('alipay.fund.trans.uni.transfer', { notify_url, bizContent }, { validateSign: true });
  }

  function query(outBizNo: string): Promise<Json> {
    const bizContent = { out_biz_no: outBizNo, product_code: 'TRANS_ACCOUNT_NO_PWD', biz_scene: 'DIRECT_TRANSFER' };
    return client.exec('alipay.fund.trans.common.query', { bizContent }, { validateSign: true });
  }

  it('transfers in certificate mode, finds it again, and tells with a signed form', async () => {
    const id = newReference('credit');
    expect(await transfer(id)).toMatchObject({ code: '10000', outBizNo: id, status: 'SUCCESS', amount: '360.21' });
    expect(await query(id)).toMatchObject({ code: '10000', status: 'SUCCESS', transAmount: '360.21' });
    expect(await simulator.movements(id)).toEqual([{ operation: 'transfer', amount: '36021', sign: 1 }]);
    const told = await eventually(async () => receiver.about(id)[0]);
    const form = Object.fromEntries(new URLSearchParams(told.body));
    expect([client.checkNotifySignV2(form), client.checkNotifySign(form)]).toEqual([true, true]);
    expect(client.checkNotifySignV2({ ...form, utc_timestamp: '1' })).toBe(false);
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
    const id = newReference('credit');
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
    const id = newReference('credit');
    expect(await transfer(id, identity)).toMatchObject({ code: '40004', subCode });
    expect(await transfer(id, identity)).toMatchObject({ code: '40004', subCode });
    expect(await query(id)).toMatchObject({ code: '10000', status: 'FAIL', errorCode: subCode });
    expect(await simulator.movements(id)).toEqual([]);
  });

  it('does not know what it was never told', async () => {
    expect(await query(newReference('credit'))).toMatchObject({ code: '40004', subCode: 'ORDER_NOT_EXIST' });
  });

  it.each([
    ['timeout_executed@example.com', 1],
    ['timeout_not_executed@example.com', 0],
    ['error_executed@example.com', 1],
  ])('breaks for %s with %s movements, and the repeat makes it one', async (identity, movements) => {
    const id = newReference('credit');
    await expect(transfer(id, identity)).rejects.toThrow();
    expect(await simulator.movements(id)).toHaveLength(movements);
    expect(await transfer(id, identity)).toMatchObject({ code: '10000', status: 'SUCCESS' });
    expect(await simulator.movements(id)).toHaveLength(1);
  });

  it('closes the connection; the client sends the same request again by itself, and it is one transfer', async () => {
    const id = newReference('credit');
    expect(await transfer(id, 'connection_closed@example.com')).toMatchObject({ code: '10000', status: 'SUCCESS' });
    expect(await simulator.movements(id)).toHaveLength(1);
    const again = newReference('credit');
    const rule = { network: 'open_platform', operation: 'transfer', match: again };
    await simulator.fault({ ...rule, behaviour: 'close_connection', executed: false, times: 5 });
    await expect(transfer(again)).rejects.toThrow();
    expect(await simulator.movements(again)).toEqual([]);
  });

  it('is dealing first, then done, or then failed', async () => {
    const [done, failed] = [newReference('credit'), newReference('credit')];
    expect(await transfer(done, 'dealing@example.com')).toMatchObject({ status: 'DEALING' });
    expect(await transfer(failed, 'dealing_then_fail@example.com')).toMatchObject({ status: 'DEALING' });
    await simulator.control('POST', '/clock', { offset_ms: 5000 });
    expect(await query(done)).toMatchObject({ status: 'SUCCESS' });
    expect(await query(failed)).toMatchObject({ status: 'FAIL' });
    expect(await simulator.movements(failed)).toEqual([]);
  });

  it('says that it cannot tell, having executed', async () => {
    const id = newReference('credit');
    expect(await transfer(id, 'system_error@example.com')).toMatchObject({ code: '40004', subCode: 'SYSTEM_ERROR' });
    expect(await query(id)).toMatchObject({ status: 'SUCCESS' });
  });

  it('signs badly when told so, and the client notices', async () => {
    const id = newReference('credit');
    await simulator.fault({ network: 'open_platform', operation: 'transfer', match: id, behaviour: 'bad_signature' });
    await expect(transfer(id)).rejects.toThrow();
  });

  it('gives a credited transfer back when its bank says so', async () => {
    const id = newReference('credit');
    await transfer(id);
    await simulator.control('POST', `/transfers/${id}/return`, {});
    expect(await query(id)).toMatchObject({ status: 'REFUND' });
    expect((await simulator.movements(id)).map(({ sign }) => sign)).toEqual([1, -1]);
  });
});
