import { PROBLEM_CODES } from '../../../apps/routing/src/edge/problems';
import { provisionPartner } from '../../../apps/routing/src/provision';
import { RoutingEdge, type Reply } from './routing-edge';

jest.setTimeout(180_000);

const QUOTE = {
  source_network: 'applepay',
  target_network: 'alipay',
  fixed_side: 'source',
  amount: { amount: '10000', currency: 'USD' },
  purpose: 'goods',
};
const PARTY = { role: 'payer', type: 'individual', name: 'Ada Example', country: 'US' };

describe('bad input at the edge', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  function expectProblem(reply: Reply, status: number, code: string, param?: string): void {
    expect({ status: reply.status, code: reply.body.code, param: reply.body.param }).toEqual({ status, code, param });
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.body).toMatchObject({
      status,
      type: expect.any(String) as string,
      title: expect.any(String) as string,
    });
    expect(reply.body.request_id).toBe(reply.headers['request-id']);
    expect(reply.text).not.toMatch(/\bat .*\.ts:|node_modules/);
  }

  it.each([
    ['1 a string with an exponent', '1e400', 'INVALID_AMOUNT'],
    ['2 a number', 1250, 'INVALID_AMOUNT'],
    ['3 minus zero', '-0', 'INVALID_AMOUNT'],
    ['4 NaN', 'NaN', 'INVALID_AMOUNT'],
    ['4 Infinity', 'Infinity', 'INVALID_AMOUNT'],
    ['5 hexadecimal', '0x10', 'INVALID_AMOUNT'],
    ['6 empty', '', 'INVALID_AMOUNT'],
    ['7 spaces', ' 12 ', 'INVALID_AMOUNT'],
    ['8 a plus', '+5', 'INVALID_AMOUNT'],
    ['9 a point', '1.005', 'INVALID_AMOUNT'],
    ['11 a number that rounds', 9007199254740993, 'INVALID_AMOUNT'],
    ['12 a bigint column exceeded', '9223372036854775808', 'INVALID_AMOUNT'],
    ['13 200 digits', '1'.repeat(200), 'INVALID_AMOUNT'],
    ['14 Arabic-Indic digits', '١٢', 'INVALID_AMOUNT'],
    ['14 full-width digits', '１２', 'INVALID_AMOUNT'],
    ['15 a comma', '1,000', 'INVALID_AMOUNT'],
    ['15 an underscore', '1_000', 'INVALID_AMOUNT'],
    ['16 negative', '-1', 'INVALID_AMOUNT'],
    ['16 zero', '0', 'INVALID_AMOUNT'],
    ['17 an array', ['12'], 'INVALID_AMOUNT'],
    ['17 an object', {}, 'INVALID_AMOUNT'],
    ['17 a boolean', true, 'INVALID_AMOUNT'],
    ['17 null', null, 'FIELD_MISSING'],
  ])('case %s as an amount is refused by name', async (_name, amount, code) => {
    const asked = edge.neighbours.asked.length;
    const reply = await edge.post('/v1/quotes', { ...QUOTE, amount: { amount, currency: 'USD' } });
    expectProblem(reply, 422, code, 'amount.amount');
    expect(edge.neighbours.asked).toHaveLength(asked);
  });

  it('case 2: a number too large for JSON numbers is refused', async () => {
    const text = JSON.stringify(QUOTE).replace('"10000"', '1e400');
    expectProblem(await edge.post('/v1/quotes', text), 422, 'INVALID_AMOUNT', 'amount.amount');
  });

  it.each(['XXX', 'XTS', 'usd', 'USD ', 'CNH', 'US\u0000', 'JPY'])(
    'case 19: currency %j is refused by name',
    async (currency) => {
      const reply = await edge.post('/v1/quotes', { ...QUOTE, amount: { amount: '1', currency } });
      expectProblem(reply, 422, 'UNKNOWN_CURRENCY', 'amount.currency');
    },
  );

  it('names the field that is missing, unknown or wrong at every endpoint', async () => {
    expectProblem(await edge.post('/v1/quotes', { ...QUOTE, purpose: undefined }), 422, 'FIELD_MISSING', 'purpose');
    expectProblem(await edge.post('/v1/quotes', { ...QUOTE, rate: '7' }), 422, 'FIELD_UNKNOWN', 'rate');
    expectProblem(
      await edge.post('/v1/quotes', { ...QUOTE, target_network: 'paypal' }),
      422,
      'NETWORK_UNKNOWN',
      'target_network',
    );
    expectProblem(await edge.post('/v1/quotes', { ...QUOTE, amount: '100' }), 422, 'FIELD_INVALID', 'amount');
    expectProblem(await edge.post('/v1/parties', { ...PARTY, role: 'king' }), 422, 'FIELD_INVALID', 'role');
    expectProblem(await edge.post('/v1/parties', { ...PARTY, partner_id: 'x' }), 422, 'FIELD_UNKNOWN', 'partner_id');
    expectProblem(await edge.post('/v1/parties', { ...PARTY, name: 'a\u202Eb' }), 422, 'FIELD_INVALID', 'name');
    expectProblem(await edge.post('/v1/instruments', { use: 'pay' }), 422, 'FIELD_MISSING', 'network');
    expectProblem(
      await edge.post('/v1/instruments', { network: 'applepay', use: 'steal' }),
      422,
      'FIELD_INVALID',
      'use',
    );
    const payment = await edge.payable();
    expectProblem(await edge.post('/v1/payments', { ...payment, payer: undefined }), 422, 'FIELD_MISSING', 'payer');
    expectProblem(await edge.post('/v1/payments', { ...payment, amount: '1' }), 422, 'FIELD_UNKNOWN', 'amount');
    expectProblem(await edge.post('/v1/payments', { ...payment, bop_code: 12 }), 422, 'FIELD_INVALID', 'bop_code');
    expectProblem(
      await edge.post('/v1/payments', { ...payment, metadata: { note: { deep: 1 } } }),
      422,
      'FIELD_INVALID',
      'metadata.note',
    );
    expectProblem(await edge.post('/v1/webhook_endpoints', {}), 422, 'FIELD_MISSING', 'url');
  });

  it.each(['created', 'expires_at', 'status', 'rate', 'fee', 'id'])(
    'case 79: a payment cannot bring its own %s',
    async (field) => {
      const reply = await edge.post('/v1/payments', { ...(await edge.payable()), [field]: '1' });
      expectProblem(reply, 422, 'FIELD_UNKNOWN', field);
    },
  );

  it.each([
    ['limit=101', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=0', 'limit'],
    ['limit=5&limit=6', 'limit'],
    ['created[gte][gte]=2020-01-01', 'created[gte][gte]'],
    ['created[gte]=yesterday', 'created[gte]'],
    ['starting_after=x%27%20OR%201=1', 'starting_after'],
    ['status=BLOCKED', 'status'],
    ['expand[]=quote', 'expand[]'],
  ])('case 33: the query %s is refused by name', async (query, param) => {
    const reply = await edge.send('GET', `/v1/payments?${query}`);
    expect([reply.status, reply.body.param]).toEqual([422, param]);
  });

  it.each([
    ['20 __proto__', '{"__proto__":{"admin":true}}', 400],
    ['20 constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}', 400],
    ['20 __proto__ inside metadata', '{"metadata":{"__proto__":{"a":"b"}}}', 400],
    ['21 a field twice', '{"offer":"a","offer":"b"}', 400],
    ['21 a field twice, one escaped', '{"offer":"a","\\u006fffer":"b"}', 400],
    ['22 depth', `{"metadata":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 400],
    ['23 many fields', `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":1`).join()}}`, 422],
    ['24 more than 64 kB', `{"reference":"${'x'.repeat(70_000)}"}`, 413],
    ['26 a byte order mark', '\uFEFF{}', 400],
    ['26 a lone surrogate', '{"reference":"\\ud800"}', 400],
    ['no object', '[]', 400],
    ['no JSON', '{"offer":', 400],
    ['nothing', '', 400],
  ])('case %s in a body is refused', async (_name, text, status) => {
    const reply = await edge.post('/v1/payments', text);
    expect(reply.status).toBe(status);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.headers['request-id']).toBeDefined();
  });

  it('says how much a body may have', async () => {
    const { body } = await edge.post('/v1/payments', `{"reference":"${'x'.repeat(70_000)}"}`);
    expect(body).toMatchObject({ code: 'BODY_TOO_LARGE', detail: 'A body may have 64 kB at most.' });
  });

  it('names what is given twice as a duplicate', async () => {
    expectProblem(await edge.post('/v1/payments', '{"offer":"a","offer":"b"}'), 400, 'DUPLICATE_FIELD', 'offer');
  });

  it('case 26: bytes that are no UTF-8 are refused', async () => {
    const response = await edge.app.inject({
      method: 'POST',
      url: '/v1/payments',
      payload: Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
      headers: {
        authorization: `Bearer ${RoutingEdge.KEY}`,
        'idempotency-key': 'utf8',
        'content-type': 'application/json',
      },
    });
    expect(response.statusCode).toBe(400);
  });

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16', 'application/xml'])(
    'case 31: content type %s is refused',
    async (type) => {
      const reply = await edge.send('POST', '/v1/quotes', JSON.stringify(QUOTE), {
        'content-type': type,
        'idempotency-key': 'type',
      });
      expectProblem(reply, 415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type');
    },
  );

  it('case 25: compressed bodies are not accepted at all', async () => {
    const headers = { 'content-encoding': 'gzip', 'idempotency-key': 'gzip' };
    expectProblem(
      await edge.send('POST', '/v1/quotes', QUOTE, headers),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'Content-Encoding',
    );
  });

  it.each(['..%2f..%2fetc', 'pay_%27%20OR%201%3D1--', '%252e%252e%252f', 'pay_1;drop', `pay_${'x'.repeat(10_000)}`])(
    'case 32: the id %s finds nothing',
    async (id) => {
      const reply = await edge.send('GET', `/v1/payments/${id}`);
      expect([404, 414, 400]).toContain(reply.status);
    },
  );

  it.each([
    ['missing', undefined, 400, 'IDEMPOTENCY_KEY_MISSING'],
    ['empty', '', 400, 'IDEMPOTENCY_KEY_INVALID'],
    ['of 256 characters', 'k'.repeat(256), 400, 'IDEMPOTENCY_KEY_INVALID'],
    ['with a space', 'a b', 400, 'IDEMPOTENCY_KEY_INVALID'],
    ['with an accent', 'clé', 400, 'IDEMPOTENCY_KEY_INVALID'],
  ])('case 77: an Idempotency-Key that is %s is refused', async (_name, key, status, code) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    for (const url of ['/v1/payments', '/v1/quotes', '/v1/parties', '/v1/instruments', '/v1/webhook_endpoints']) {
      const body = url.endsWith('quotes') ? QUOTE : url.endsWith('parties') ? PARTY : { network: 'alipay', use: 'pay' };
      const known = url.endsWith('endpoints') ? { url: 'https://example.com/' } : body;
      expectProblem(
        await edge.send('POST', url, url.endsWith('payments') ? await edge.payable() : known, headers),
        status,
        code,
        'Idempotency-Key',
      );
    }
  });

  it('case 44 and 45: a key in the query, an unknown key and a wrong secret get one answer', async () => {
    const answers = await Promise.all([
      edge.send('GET', `/v1/payments?api_key=${RoutingEdge.KEY}`, undefined, { authorization: '' }),
      edge.send('GET', '/v1/payments', undefined, { authorization: `Bearer sk_test_nobody_${'c'.repeat(43)}` }),
      edge.send('GET', '/v1/payments', undefined, { authorization: `Bearer sk_test_key1_${'c'.repeat(43)}` }),
      edge.send('GET', '/v1/payments', undefined, { authorization: 'Basic YTpi' }),
    ]);
    const documents = answers.map(({ body }) => JSON.stringify({ ...body, request_id: '' }));
    expect(new Set(documents).size).toBe(1);
    for (const reply of answers) expectProblem(reply, 401, 'NOT_AUTHENTICATED', 'Authorization');
  });

  it('refuses a revoked key within five seconds', async () => {
    const key = `sk_test_key3_${'d'.repeat(43)}`;
    await provisionPartner(edge.test.database, { partnerId: 'prt_c', name: 'C', key });
    const ask = async (): Promise<number> =>
      (await edge.send('GET', '/v1/payments', undefined, { authorization: `Bearer ${key}` })).status;
    expect(await ask()).toBe(200);
    await edge.test.database.query(`UPDATE api_key SET revoked_at = clock_timestamp() WHERE key_id = 'key3'`);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(await ask()).toBe(401);
  });

  it('hands an intake on, keeps what it can do and neither the token nor the name', async () => {
    const token = { paymentData: 'a very secret token' };
    const instrument = await edge.post('/v1/instruments', { network: 'applepay', use: 'pay', token }, 'intake-1');
    expect(instrument.status).toBe(201);
    expect(edge.neighbours.asked.at(-1)!.body).toEqual({
      partner_id: 'prt_a',
      request_key: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      use: 'pay',
      data: { token },
    });
    const party = await edge.post('/v1/parties', PARTY, 'intake-2');
    expect(party.body).toMatchObject({ object: 'party', role: 'payer' });
    const stored = await edge.test.database.query(
      `SELECT (SELECT json_agg(i) FROM instrument i)::text || (SELECT json_agg(p) FROM party p)::text ||
              (SELECT json_agg(k) FROM idempotency_key k)::text AS everything`,
    );
    expect(JSON.stringify(stored)).toContain(instrument.body.id);
    expect(JSON.stringify(stored)).not.toMatch(/very secret|Ada Example/);
    const again = await edge.post('/v1/parties', PARTY, 'intake-2');
    expect(again.body).toEqual(party.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it("passes the owner's refusal on, and answers 503 without keeping it when the owner is away", async () => {
    edge.neighbours.answerWith = (): { status: number; body: object } => ({
      status: 422,
      body: { code: 'INVALID_TOKEN', title: 'Token refused', detail: 'Signature.', param: 'token', secret: 'x' },
    });
    const body = { network: 'applepay', use: 'pay', token: {} };
    expectProblem(await edge.post('/v1/instruments', body), 422, 'INVALID_TOKEN', 'token');
    edge.neighbours.answerWith = (): { status: number; body: object } => ({ status: 500, body: { stack: 'secret' } });
    const away = await edge.post('/v1/instruments', body, 'away');
    const { request_key } = edge.neighbours.asked.at(-1)!.body;
    expectProblem(away, 503, 'SERVICE_UNAVAILABLE');
    expect(away.headers['retry-after']).toBe('2');
    edge.neighbours.answerWith = null;
    expect((await edge.post('/v1/instruments', body, 'away')).status).toBe(201);
    expect(edge.neighbours.asked.at(-1)!.body).toMatchObject({ request_key });
  });

  it('describes in OpenAPI exactly the routes under /v1 that are mounted', async () => {
    const { body } = await edge.send('GET', '/v1/openapi.json');
    const paths = body.paths as Record<string, Record<string, unknown>>;
    const described = Object.entries(paths).flatMap(([url, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${url}`),
    );
    const mounted = edge.routes
      .filter(({ url, method }) => url.startsWith('/v1/') && method !== 'HEAD' && !url.endsWith('openapi.json'))
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.sort()).toEqual([...new Set(mounted)].sort());
    const request = paths['/v1/payments']!.post as { requestBody: { content: Record<string, { schema: object }> } };
    expect(request.requestBody.content['application/json']!.schema).toMatchObject({ additionalProperties: false });
  });

  it('answers an unknown route with a problem document', async () => {
    expectProblem(await edge.send('GET', '/v1/nothing'), 404, 'NOT_FOUND');
    expect(PROBLEM_CODES.NOT_FOUND.status).toBe(404);
  });
});
