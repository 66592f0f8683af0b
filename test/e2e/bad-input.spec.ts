import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Gateway } from './support/gateway';
import type { PartnerClient } from './support/partner-client';
import { prepare, type Prepared } from './support/payments';
import { expectProblem, sendBytes, sendRaw, type RawAnswer, type RawRequest } from './support/raw-http';

jest.setTimeout(120_000);

const PARTY = { role: 'payer', type: 'individual', name: 'Ada Example', country: 'US' };
const NUL = '\u0000';

// The numbers are those of the list of malicious input that the tests follow (amounts 1 to 19, JSON and HTTP 20 to 34,
// authentication 35 to 45, Apple Pay 46 to 57).
describe('bad input at the partner API', () => {
  const gateway = new Gateway();
  const { url } = gateway.status.partner_api;
  const pids = gateway.pids();
  let partner: PartnerClient;
  let prepared: Prepared;

  beforeAll(async () => {
    partner = await gateway.newPartner();
    prepared = await prepare(gateway, partner, 'us-to-china');
  });

  const ask = (request: RawRequest, key = partner.key): Promise<RawAnswer> =>
    sendRaw(url, {
      ...request,
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': randomUUID(), ...request.headers },
    });
  const quote = (more: object = {}): Record<string, unknown> => ({
    source_network: 'applepay',
    target_network: 'alipay',
    fixed_side: 'source',
    amount: { amount: '10000', currency: 'USD' },
    purpose: 'goods',
    ...more,
  });

  it.each<[string, unknown]>([
    ['1 "1e400"', '1e400'],
    ['3 "-0"', '-0'],
    ['4 "NaN"', 'NaN'],
    ['4 "Infinity"', 'Infinity'],
    ['5 "0x10"', '0x10'],
    ['6 ""', ''],
    ['7 " 12 "', ' 12 '],
    ['8 "+5"', '+5'],
    ['9 "1.005"', '1.005'],
    ['10 "1.5"', '1.5'],
    ['11 9007199254740993 as a number', 9007199254740993],
    ['11 a float', 12.5],
    ['12 one more than a bigint column holds', '9223372036854775808'],
    ['13 200 digits', '1'.repeat(200)],
    ['14 Arabic-Indic digits', '١٢'],
    ['14 full-width digits', '１２'],
    ['15 "1,000"', '1,000'],
    ['15 "1_000"', '1_000'],
    ['16 negative', '-1'],
    ['16 zero', '0'],
    ['17 an array', ['12']],
    ['17 an object', {}],
    ['17 a boolean', true],
    ['17 null', null],
  ])('amount %s is refused by name', async (_case, amount) => {
    expectProblem(
      await ask({ path: '/v1/quotes', body: quote({ amount: { amount, currency: 'USD' } }) }),
      422,
      'amount.amount',
    );
  });

  it('amount 2: 1e400 as a number is refused by name', async () => {
    const body = JSON.stringify(quote()).replace('"10000"', '1e400');
    expectProblem(await ask({ path: '/v1/quotes', body }), 422, 'amount.amount');
  });

  it('amount 16: one above the maximum of the instrument is refused', async () => {
    const body = quote({ amount: { amount: '999999999999999', currency: 'USD' } });
    expectProblem(await ask({ path: '/v1/quotes', body }), 422, 'amount.amount');
  });

  it('amount 18: one that is worth nothing on the other side is refused', async () => {
    const body = quote({
      source_network: 'alipay',
      target_network: 'applepay',
      amount: { amount: '1', currency: 'CNY' },
    });
    expectProblem(await ask({ path: '/v1/quotes', body }), 422, 'amount.amount');
  });

  it.each(['XXX', 'XTS', 'usd', 'USD ', 'CNH', `USD${NUL}`, 'JPY'])(
    'amount 19: currency %j is refused by name',
    async (currency) => {
      const body = quote({ amount: { amount: '1000', currency } });
      expectProblem(await ask({ path: '/v1/quotes', body }), 422, 'amount.currency');
    },
  );

  it('a currency of the other side is refused by name', async () => {
    const body = quote({ amount: { amount: '1000', currency: 'CNY' } });
    expectProblem(await ask({ path: '/v1/quotes', body }), 422, 'amount.currency');
  });

  it('an unknown field is refused by name on every route, the ones of instruments by their owner', async () => {
    const { request } = prepared;
    const bodies: [string, Record<string, unknown>][] = [
      ['/v1/quotes', quote()],
      ['/v1/parties', PARTY],
      ['/v1/payments', request],
      ['/v1/webhook_endpoints', { url: 'https://partner.example/hooks' }],
      ['/v1/apple_pay_sessions', { domain_name: 'shop.example', validation_url: 'https://shop.example' }],
      ['/v1/payments/pay_00000000000000000000000000/refunds', { reason: 'none' }],
      ['/v1/disputes/dsp_00000000000000000000000000/evidence', { additional: 'none' }],
      ['/v1/instruments', { network: 'alipay', use: 'pay', payment_code: '2812345678901234' }],
      ['/v1/instruments', { network: 'applepay', use: 'pay', token: await gateway.simulator.appleToken() }],
      ['/v1/instruments', { network: 'qrpay', use: 'pay', payer_code: '511234567890123456' }],
    ];
    for (const [path, body] of bodies) {
      expectProblem(await ask({ path, body: { ...body, rate: '7' } }), 422, 'rate');
    }
  });

  it.each([
    ['20 __proto__', '{"__proto__":{"admin":true}}', 400, 'body'],
    ['20 constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}', 400, 'body'],
    ['21 a field twice', '{"offer":"a","payer":"x","offer":"b"}', 400, 'offer'],
    ['21 a field twice, deeper and escaped', '{"metadata":{"note":"a","n\\u006fte":"b"}}', 400, 'note'],
    ['22 depth 30,000', `{"metadata":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 400, 'body'],
    ['24 more than 64 kB', `{"reference":"${'x'.repeat(70_000)}"}`, 413, 'body'],
    ['26 a byte order mark', '\uFEFF{}', 400, 'body'],
    ['26 half a character', '{"reference":"\\ud800"}', 400, 'body'],
    ['broken JSON', '{"offer":', 400, 'body'],
    ['no object', '[]', 400, 'body'],
    ['nothing', '', 400, 'body'],
  ])('case %s is refused', async (_case, body, status, param) => {
    expectProblem(
      await ask({ path: '/v1/payments', body, headers: { 'content-type': 'application/json' } }),
      status,
      param,
    );
  });

  it('case 24: a body without end is cut off at 64 kB', async () => {
    const endless = new Readable({ read: () => undefined });
    endless.push('{"reference":"');
    for (let sent = 0; sent < 10; sent++) endless.push('x'.repeat(8_000));
    expectProblem(await ask({ path: '/v1/payments', body: endless }), 413, 'body');
  });

  it.each([
    ['31 text/plain', { 'content-type': 'text/plain' }, 'Content-Type'],
    ['31 multipart', { 'content-type': 'multipart/form-data; boundary=x' }, 'Content-Type'],
    ['31 a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'Content-Type'],
    ['26 UTF-16', { 'content-type': 'application/json; charset=utf-16' }, 'Content-Type'],
    ['25 gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 'Content-Encoding'],
    ['25 brotli', { 'content-type': 'application/json', 'content-encoding': 'br' }, 'Content-Encoding'],
  ])('case %s is refused', async (_case, headers, param) => {
    expectProblem(await ask({ path: '/v1/quotes', body: quote(), headers }), 415, param);
  });

  it.each(['\u202Ea', 'a\u200Bb', 'a\nb', `a${NUL}`, '\u001b[31mred'])(
    'case 27: the name %j is refused, wherever a name can be given',
    async (name) => {
      expectProblem(await ask({ path: '/v1/parties', body: { ...PARTY, name } }), 422, 'name');
      const account = { identity: 'a@example.com', identity_type: 'ALIPAY_LOGON_ID', name };
      const payee = { network: 'alipay', use: 'be_paid', account };
      expectProblem(await ask({ path: '/v1/instruments', body: payee }), 422, 'account.name');
    },
  );

  it.each([
    ['pay_%00', 'pay_%00'],
    ['%zz', '%zz'],
    ['%c0%ae', '%c0%ae'],
    ['a path', '..%2f..%2fetc%2fpasswd'],
    ['SQL', 'pay_%27%20OR%201%3D1--'],
    ['a path encoded twice', '%252e%252e%252f'],
    ['a semicolon', 'pay_1;drop'],
    ['10,000 characters', `pay_${'x'.repeat(10_000)}`],
  ])('case 32: the id %s finds nothing', async (_what, id) => {
    for (const path of [
      `/v1/payments/${id}`,
      `/v1/refunds/${id}`,
      `/v1/disputes/${id}`,
      `/v1/payments/${id}/refunds`,
    ]) {
      expectProblem(await ask({ path }), [400, 404, 414]);
    }
    for (const path of [`/v1/payments/${id}/cancel`, `/v1/payments/${id}/refunds`, `/v1/disputes/${id}/accept`]) {
      expectProblem(await ask({ path, body: {} }), [400, 404, 414]);
    }
    expectProblem(await ask({ method: 'DELETE', path: `/v1/webhook_endpoints/${id}` }), [400, 404, 414]);
  });

  it.each([
    ['limit', 'limit=1e9'],
    ['limit', 'limit=0'],
    ['created[gte][gte]', 'created[gte][gte]=2020-01-01'],
    ['starting_after', 'starting_after=x%27%20OR%201=1'],
    ['expand[]', Array.from({ length: 1_000 }, () => 'expand[]=x').join('&')],
    ['url', 'reference=%00'],
  ])('case 33: a query with a bad %s is refused by name', async (param, query) => {
    expectProblem(await ask({ path: `/v1/payments?${query}` }), [400, 422], param);
  });

  it.each([
    ['29 Content-Length and Transfer-Encoding', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['29 two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde'],
    ['29 a folded header', 'X-A: a\r\n b\r\n\r\n'],
    ['28 a bare carriage return', 'X-A: a\rX-B: b\r\n\r\n'],
    ['30 headers of 40 kB', `X-A: ${'a'.repeat(40_000)}\r\n\r\n`],
  ])('case %s: the request is refused as a whole and the connection closed', async (_case, rest) => {
    const answer = await sendBytes(url, `POST /v1/payments HTTP/1.1\r\nHost: gateway\r\n${rest}`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toContain('application/problem+json');
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('cases 35 to 45: what is no usable key gets one and the same answer', async () => {
    const [, keyId] = /^sk_test_([^_]+)_/.exec(partner.key)!;
    const inRouting = (text: string, values: unknown[]): Promise<unknown> =>
      gateway.inDatabaseOf('routing', (database) => database.query(text, values));
    const expired = await gateway.newPartner();
    const revoked = await gateway.newPartner();
    await inRouting(`UPDATE api_key SET expires_at = clock_now() - interval '1 second' WHERE partner_id = $1`, [
      expired.partnerId,
    ]);
    await inRouting('UPDATE api_key SET revoked_at = clock_now() WHERE partner_id = $1', [revoked.partnerId]);
    const none = `eyJhbGciOiJub25lIn0.${Buffer.from(`{"sub":"${partner.partnerId}"}`).toString('base64url')}.`;
    const keys = [
      expired.key,
      revoked.key,
      `sk_test_${keyId}_${randomBytes(24).toString('hex')}`,
      `sk_live_${partner.key.slice(8)}`,
      none,
      "' OR 1=1 --",
      'x'.repeat(6_000),
    ];
    const answers = await Promise.all(keys.map((key) => ask({ path: '/v1/payments' }, key)));
    answers.push(await sendRaw(url, { path: `/v1/payments?api_key=${partner.key}` }));
    for (const answer of answers) expectProblem(answer, 401, 'Authorization');
    expect(new Set(answers.map(({ problem }) => JSON.stringify({ ...problem, request_id: '' }))).size).toBe(1);
  });

  it.each([
    'bad_signature',
    'tampered_data',
    'changed_transaction_id',
    'wrong_merchant',
    'old',
    'wrong_root',
    'missing_leaf_oid',
    'missing_intermediate_oid',
  ])('cases 46 to 57: an Apple Pay token with %s is refused', async (broken) => {
    const token = await gateway.simulator.appleToken({ broken });
    expectProblem(
      await ask({ path: '/v1/instruments', body: { network: 'applepay', use: 'pay', token } }),
      422,
      /^token/,
    );
  });

  it.each<[string, unknown]>([
    ['a text', 'token'],
    ['null', null],
    ['an empty object', {}],
    ['data that is no base64', { paymentData: { version: 'EC_v1', data: '###', signature: '###', header: {} } }],
    ['a version of the future', { paymentData: { version: 'EC_v9', data: 'AAAA', signature: 'AAAA', header: {} } }],
  ])('cases 53 and 57: an Apple Pay token that is %s is refused', async (_what, token) => {
    expectProblem(
      await ask({ path: '/v1/instruments', body: { network: 'applepay', use: 'pay', token } }),
      422,
      /^token/,
    );
  });

  it.each([
    'http://partner.example/hooks',
    'ftp://partner.example',
    'file:///etc/passwd',
    'gopher://partner.example',
    'https://user@partner.example/',
    'https://partner.example/#x',
    'https://169.254.169.254/latest',
    'https://[fd00::1]/',
    'https://10.0.0.1/',
    'https://0xa000001/',
    'https://167772161/',
    'https://metadata.internal/',
    'https://partner/',
    'not a url',
  ])('no webhook goes to %s', async (target) => {
    expectProblem(await ask({ path: '/v1/webhook_endpoints', body: { url: target } }), 422, 'url');
  });

  it('ends no process, and the payment that was prepared before still works', async () => {
    const answer = await partner.post('/v1/payments', prepared.request);
    expect(answer.status).toBe(202);
    expect(gateway.pids()).toEqual(pids);
  });
});
