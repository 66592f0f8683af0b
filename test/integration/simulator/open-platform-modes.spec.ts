import { AlipaySdk } from 'alipay-sdk';
import type { AlipayCredentials, Json } from './ams-merchant';
import { newReference, RunningSimulator } from './running-simulator';

jest.setTimeout(60_000);

let simulator: RunningSimulator;
let app: AlipayCredentials['open_platform'];
beforeAll(async () => {
  simulator = await RunningSimulator.start();
  app = (await simulator.control<AlipayCredentials>('GET', '/alipay/credentials')).open_platform;
});
afterAll(() => simulator.stop());

const TRANSFER = 'alipay.fund.trans.uni.transfer';
const QUERY = 'alipay.fund.trans.common.query';
const SIGNED = { validateSign: true };

function client(by: 'certificate' | 'key'): AlipaySdk {
  const both = {
    appId: app.app_id,
    privateKey: app.app_private_key,
    keyType: 'PKCS8' as const,
    gateway: `${simulator.url}/gateway.do`,
    endpoint: simulator.url,
    timeout: 10_000,
  };
  const certified = new AlipaySdk({
    ...both,
    appCertContent: app.app_cert,
    alipayPublicCertContent: app.alipay_public_cert,
    alipayRootCertContent: app.alipay_root_cert,
  });
  if (by === 'certificate') return certified;
  return new AlipaySdk({ ...both, alipayPublicKey: certified.config.alipayPublicKey });
}

function transfer(sdk: AlipaySdk, outBizNo: string): Promise<Json> {
  const bizContent = {
    out_biz_no: outBizNo,
    trans_amount: '1.00',
    product_code: 'TRANS_ACCOUNT_NO_PWD',
    biz_scene: 'DIRECT_TRANSFER',
    payee_info: { identity: 'payee@example.com', identity_type: 'ALIPAY_LOGON_ID', name: '沙箱' },
  };
  return sdk.exec(TRANSFER, { bizContent }, SIGNED);
}

describe('the open platform by key alone', () => {
  it('answers questions, signed, and moves no money', async () => {
    const id = newReference('credit');
    expect(await transfer(client('key'), id)).toMatchObject({ code: '40002', subCode: 'isv.missing-app-cert-sn' });
    expect(await simulator.movements(id)).toEqual([]);
    await transfer(client('certificate'), id);
    expect(await client('key').exec(QUERY, { bizContent: { out_biz_no: id } }, SIGNED)).toMatchObject({
      code: '10000',
      status: 'SUCCESS',
    });
    expect(await client('key').exec('alipay.fund.account.query', { bizContent: {} }, SIGNED)).toMatchObject({
      code: '10000',
    });
  });

  it('names no certificate in its answers', async () => {
    const answerTo = async (sdk: AlipaySdk): Promise<Json> => {
      const url = sdk.pageExec(QUERY, 'GET', { bizContent: { out_biz_no: 'x' } });
      return (await (await fetch(url)).json()) as Json;
    };
    expect(Object.keys(await answerTo(client('key')))).toEqual(['alipay_fund_trans_common_query_response', 'sign']);
    expect(await answerTo(client('certificate'))).toMatchObject({ alipay_cert_sn: expect.any(String) as string });
  });

  it('wants both certificates named, or none', async () => {
    const query = client('certificate').sdkExec(QUERY, { bizContent: { out_biz_no: 'x' } });
    const parameters = new URLSearchParams(query);
    parameters.delete('alipay_root_cert_sn');
    const answer = (await (
      await fetch(`${simulator.url}/gateway.do?${parameters}`, { method: 'POST' })
    ).json()) as Json;
    expect(answer['alipay_fund_trans_common_query_response']).toMatchObject({
      sub_code: 'isv.missing-alipay-root-cert-sn',
    });
  });
});

describe.each(['certificate', 'key'] as const)('what nobody plays, asked for by %s', (mode) => {
  it.each(['alipay.trade.refund', 'alipay.trade.query', 'constructor', 'toString'])(
    '%s is no method',
    async (method) => {
      expect(await client(mode).exec(method, { bizContent: { out_trade_no: 'x' } }, SIGNED)).toMatchObject({
        code: '40002',
        subCode: 'isv.invalid-method',
      });
    },
  );

  it('a page of a method that is none says so to the browser', async () => {
    const url = client(mode).pageExec('alipay.trade.page.pay', 'GET', { bizContent: { out_trade_no: 'x' } });
    const answer = await fetch(url);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { alipay_trade_page_pay_response: { sub_code: 'isv.invalid-method' } },
    ]);
  });

  it('the v3 API says that it is not simulated', async () => {
    const path = '/v3/alipay/fund/trans/common/query';
    const refused = {
      code: 'not-simulated',
      responseHttpStatus: 404,
      message: expect.stringContaining('exec()') as string,
    };
    await expect(client(mode).curl('GET', path, { query: { out_biz_no: 'x' } })).rejects.toMatchObject(refused);
    await expect(client(mode).curl('POST', path, { body: { out_biz_no: 'x' } })).rejects.toMatchObject(refused);
  });

  it('a text that no store keeps is an invalid parameter', async () => {
    const asked = client(mode).exec(QUERY, { bizContent: { out_biz_no: 'a\u0000' } }, SIGNED);
    expect(await asked).toMatchObject({ subCode: 'isv.invalid-parameter' });
  });
});

it('a method that is no word is not written into the answer', async () => {
  const method = encodeURIComponent('a":{"code":"10000"},"b');
  const answer = (await (
    await fetch(`${simulator.url}/gateway.do?method=${method}`, { method: 'POST' })
  ).json()) as Json;
  expect(Object.keys(answer)).toEqual(['error_response', 'sign']);
});
