import fc from 'fast-check';
import { Gateway } from './support/gateway';
import { expectProblem, sendRaw, type RawAnswer } from './support/raw-http';

jest.setTimeout(120_000);

/** An edge that is for programs of ours, with a body that it takes. */
interface Edge {
  service: string;
  path: string;
  body: Record<string, unknown>;
  /** A field that the body must have, and a value that it must not have. */
  wrong: [field: string, value: unknown, param?: string];
}

const AMOUNT = { amount: '1000', currency: 'USD' };
const QUOTE = { source_network: 'applepay', target_network: 'alipay', fixed_side: 'source', purpose: 'goods' };
const PERSON = { partner_id: 'prt_x', type: 'individual', name: 'Ada Example', country: 'US' };

const INTERNAL: Edge[] = [
  ...['us-wallet', 'china-wallet', 'qr-wallet'].map((service): Edge => ({
    service,
    path: '/internal/v1/instruments',
    body: { partner_id: 'prt_x', request_key: 'a-request-of-a-test', use: 'pay', data: {} },
    wrong: ['use', 'steal'],
  })),
  {
    service: 'us-wallet',
    path: '/internal/v1/apple_pay_sessions',
    body: { partner_id: 'prt_x', domain_name: 'shop.example', validation_url: 'https://shop.example' },
    wrong: ['domain_name', 'Shop Example'],
  },
  { service: 'compliance', path: '/internal/v1/parties', body: PERSON, wrong: ['name', 'a\u0000b'] },
  {
    service: 'fx-settlement',
    path: '/internal/v1/quotes',
    body: { ...QUOTE, partner_id: 'prt_x', amount: AMOUNT },
    wrong: ['amount', { amount: 1.5, currency: 'USD' }, 'amount.amount'],
  },
  {
    service: 'fx-settlement',
    path: '/internal/v1/stops',
    body: { scope: 'partner', subject: 'prt_x', actor: 'operator:op_1', reason: 'a test' },
    wrong: ['scope', 'world'],
  },
  {
    service: 'fx-settlement',
    path: '/internal/v1/top-ups',
    body: { partner_id: 'prt_x', amount: AMOUNT, bank_reference: 'ref-1', requested_by: 'operator:op_1' },
    wrong: ['amount', { amount: '1000', currency: 'JPY' }, 'amount.currency'],
  },
];

const CONTROL: Edge[] = [
  {
    service: 'simulator',
    path: '/control/faults',
    body: { network: 'ams', behaviour: 'decline' },
    wrong: ['times', 1.5],
  },
  {
    service: 'simulator',
    path: '/control/notifications',
    body: { network: 'ams', reference: 'x' },
    wrong: ['network', 'x'],
  },
  {
    service: 'simulator',
    path: '/control/late_success',
    body: { network: 'acquirer', reference: 'x' },
    wrong: ['network', 'ams'],
  },
  { service: 'simulator', path: '/control/clock', body: { offset_ms: 0 }, wrong: ['offset_ms', '0'] },
  { service: 'simulator', path: '/control/treasury', body: {}, wrong: ['mid', 7.1] },
  { service: 'simulator', path: '/control/acquirer/webhook', body: { url: 'http://x' }, wrong: ['url', 7] },
  {
    service: 'simulator',
    path: '/control/partner/secret',
    body: { secret: 'x', endpoint: 'y' },
    wrong: ['secret', null],
  },
  { service: 'simulator', path: '/control/partner/failures', body: { times: 0, endpoint: 'y' }, wrong: ['status', 99] },
  { service: 'simulator', path: '/control/ams/orders/x/confirm', body: {}, wrong: ['answer', 'perhaps'] },
  { service: 'simulator', path: '/apple/tokens', body: { scheme: 'visa' }, wrong: ['amount', 10.5] },
];

describe('bad input behind the partner API', () => {
  const gateway = new Gateway();
  const pids = gateway.pids();
  const { internal_token: internalToken, simulator } = gateway.status;

  const secretOf = ({ service }: Pick<Edge, 'service'>): string =>
    service === 'simulator' ? simulator.control_token : internalToken;
  const post = (edge: Edge, body: string | Buffer | object, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    sendRaw(gateway.status.services[edge.service]!.url, {
      path: edge.path,
      body,
      headers: { authorization: `Bearer ${secretOf(edge)}`, 'content-type': 'application/json', ...headers },
    });
  const named = (edges: Edge[]): [string, Edge][] => edges.map((edge) => [`${edge.service} ${edge.path}`, edge]);

  it.each(named([...INTERNAL, ...CONTROL]))('%s names what is wrong', async (_name, edge) => {
    const [field, value, param = field] = edge.wrong;
    expectProblem(await post(edge, { ...edge.body, unknown_field: 1 }), 422, 'unknown_field');
    expectProblem(await post(edge, { ...edge.body, [field]: value }), 422, param);
    expectProblem(await post(edge, '{"a":'), 400, 'body');
    expectProblem(await post(edge, ''), 400, 'body');
    expectProblem(await post(edge, '{"__proto__":{"admin":true}}'), 400, 'body');
    expectProblem(await post(edge, `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`), [400, 422]);
    expectProblem(await post(edge, '[]'), 422);
    expectProblem(await post(edge, { ...edge.body, [field]: 'x'.repeat(70_000) }), 413, 'body');
    if (edge.path === '/apple/tokens') return;
    expectProblem(await post(edge, JSON.stringify(edge.body), { 'content-type': 'text/plain' }), 415, 'Content-Type');
    expectProblem(await post(edge, edge.body, { authorization: 'Bearer wrong' }), 401, 'Authorization');
    expectProblem(await post(edge, edge.body, { authorization: '' }), 401, 'Authorization');
  });

  it.each([
    ['fx-settlement', '/internal/v1/bookings?payment=x%27%20OR%201', 'payment'],
    ['fx-settlement', '/internal/v1/movements?limit=1e9', 'limit'],
    ['fx-settlement', '/internal/v1/reservations?state=everything', 'state'],
    ['fx-settlement', '/internal/v1/trial-balance?more=1', 'more'],
    ['simulator', '/control/books/%00', 'url'],
    ['simulator', '/control/partner/events?after=x', 'after'],
    ['routing', '/ops/v1/cases?payment=%00', 'url'],
  ])('%s refuses %s', async (service, path, param) => {
    const token = service === 'routing' ? gateway.status.operators[0]!.token : secretOf({ service });
    const answer = await sendRaw(gateway.status.services[service]!.url, {
      path,
      headers: { authorization: `Bearer ${token}` },
    });
    expectProblem(answer, [400, 422], param);
  });

  it('operators need a token that is theirs', async () => {
    const { url } = gateway.status.services['routing']!;
    const [head, claims] = gateway.status.operators[0]!.token.split('.');
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [
      '',
      'x',
      `${unsigned}.${claims}.`,
      `${head}.${claims}.AAAA`,
      gateway.status.partner_api.api_key,
    ]) {
      const answer = await sendRaw(url, { path: '/ops/v1/cases', headers: { authorization: `Bearer ${token}` } });
      expectProblem(answer, 401, 'Authorization');
    }
  });

  it.each([
    ['china-wallet', '/notifications/ams'],
    ['china-wallet', '/notifications/open-platform'],
    ['us-wallet', '/notifications/acquirer'],
    ['qr-wallet', '/notifications'],
  ])('%s%s refuses what is no notification', async (service, path) => {
    const { url } = gateway.status.services[service]!;
    const send = (body: string | Buffer, type: string, headers = {}): Promise<RawAnswer> =>
      sendRaw(url, { path, body, headers: { 'content-type': type, ...headers } });
    const json = 'application/json';
    const form = 'application/x-www-form-urlencoded';
    const forged = { signature: 'algorithm=RSA256,keyVersion=1,signature=AAAA', 'client-id': 'X', 'request-time': 'x' };
    expectProblem(await send('{"a":', json), 400, 'body');
    expectProblem(await send('{}', json), 401, 'signature');
    expectProblem(await send('{}', json, forged), 401, 'signature');
    expectProblem(await send('{}', json, { 'cko-signature': '0'.repeat(64) }), 401, 'signature');
    expectProblem(await send(`{"a":"${'x'.repeat(70_000)}"}`, json), 413, 'body');
    for (const fields of [
      'a=1',
      'sign=AAAA&sign_type=RSA2',
      'sign=AAAA&sign_type=RSA',
      'total_amount=1&total_amount=9',
    ]) {
      expectProblem(await send(fields, form), 401, 'signature');
    }
    expectProblem(await send(Buffer.from([0xff, 0xfe, 0x00]), form), 401, 'signature');
    expectProblem(await send('<a/>', 'application/xml'), 415, 'Content-Type');
  });

  it('whatever JSON an edge is given, it answers, and never with an error of its own', async () => {
    const partner = await gateway.newPartner();
    const edges: Edge[] = [
      ...INTERNAL.filter(({ path }) => path !== '/internal/v1/stops'),
      ...['payments', 'quotes', 'parties', 'instruments', 'webhook_endpoints'].map((name): Edge => ({
        service: 'routing',
        path: `/v1/${name}`,
        body: { ...QUOTE, ...PERSON, network: 'alipay', use: 'pay', url: 'https://partner.example', amount: AMOUNT },
        wrong: ['', null],
      })),
    ];
    const ask = fc.record({ edge: fc.constantFrom(...edges), value: fc.jsonValue({ maxDepth: 3 }), at: fc.nat() });
    await fc.assert(
      fc.asyncProperty(ask, async ({ edge, value, at }) => {
        const fields = Object.keys(edge.body);
        const body = { ...edge.body, [fields[at % fields.length]!]: value };
        const headers: Record<string, string> =
          edge.service === 'routing'
            ? { authorization: `Bearer ${partner.key}`, 'idempotency-key': crypto.randomUUID() }
            : {};
        const answer = await post(edge, body, headers);
        if (answer.status >= 400) expectProblem(answer, [400, 409, 422]);
      }),
      { numRuns: 150 },
    );
  });

  it('ends no process', () => expect(gateway.pids()).toEqual(pids));
});
