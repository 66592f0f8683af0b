import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AcquirerClient, type PaymentOrder } from './acquirer-client';

const HOLD: PaymentOrder = {
  instructionId: 'pay_1-hold',
  paymentId: 'pay_1',
  operation: 'hold',
  amount: { amount: '10200', currency: 'USD' },
  bopCode: '121010',
};
const CARD = { type: 'token', token: 'tok_1' } as const;

describe('one call to the acquirer through its official client', () => {
  let server: Server | undefined;

  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
  });

  async function clientOf(answer: RequestListener): Promise<AcquirerClient> {
    const listening = createServer(answer);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return clientAt((listening.address() as AddressInfo).port);
  }
  const clientAt = (port: number): AcquirerClient =>
    new AcquirerClient({
      baseUrl: `http://127.0.0.1:${port}/acquirer`,
      secretKey: `sk_sbox_${'a'.repeat(26)}7`,
      publicKey: `pk_sbox_${'b'.repeat(26)}7`,
      socketTimeoutMs: 1_000,
    });
  const answering =
    (status: number, body: string, contentType = 'application/json'): RequestListener =>
    (_request, response) =>
      response.writeHead(status, { 'content-type': contentType }).end(body);

  it('sends our instruction id as reference and idempotency key, the same bytes each time, and no card data', async () => {
    const seen: { url?: string; key: unknown; authorization?: string; body: string }[] = [];
    const client = await clientOf((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { authorization } = request.headers;
        seen.push({ url: request.url, key: request.headers['cko-idempotency-key'], authorization, body });
        response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await client.pay(HOLD, CARD, AbortSignal.timeout(1_000));
    await client.pay({ ...HOLD }, CARD, AbortSignal.timeout(1_000));
    expect(seen[0]).toMatchObject({ url: '/acquirer/payments', key: 'pay_1-hold' });
    expect(seen[0]?.authorization).toBe(`Bearer sk_sbox_${'a'.repeat(26)}7`);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      source: { type: 'token', token: 'tok_1' },
      amount: 10200,
      currency: 'USD',
      reference: 'pay_1-hold',
      metadata: { payment_id: 'pay_1', bop_code: '121010' },
      capture: false,
      authorization_type: 'Final',
    });
    expect(seen[1]).toEqual(seen[0]);
  });

  it.each([
    ['an empty object', 201, '{}', 'application/json', 'UNREADABLE_ANSWER'],
    ['a page of HTML', 200, '<html>', 'text/html', 'UNREADABLE_ANSWER'],
    [
      'an amount with a point',
      201,
      '{"id":"p","status":"Authorized","amount":1.5,"currency":"USD"}',
      'application/json',
      'UNREADABLE_ANSWER',
    ],
    ['a broken server', 500, '{}', 'application/json', 'HTTP_500'],
    ['a gateway without its back', 502, '', 'text/html', 'HTTP_502'],
  ])('%s is silence: it may have been executed', async (_, status, body, contentType, code) => {
    const client = await clientOf(answering(status, body, contentType));
    expect(await client.pay(HOLD, CARD, AbortSignal.timeout(1_000))).toEqual({ kind: 'silent', code });
  });

  it.each([400, 401, 403, 404, 409, 422, 429])('%d is a refusal with its codes', async (status) => {
    const client = await clientOf(answering(status, '{"error_codes":["token_expired"]}'));
    const call = await client.pay(HOLD, CARD, AbortSignal.timeout(1_000));
    expect(call).toMatchObject({ kind: 'refused', status });
  });

  it('what is said of another payment is no answer, however certain it sounds', async () => {
    const other = { id: 'pay_other', status: 'Authorized', approved: true, amount: 10200, currency: 'USD' };
    const client = await clientOf(answering(201, JSON.stringify({ ...other, reference: 'pay_2-hold' })));
    const silence = { kind: 'silent', code: 'OTHER_PAYMENT' };
    expect(await client.pay(HOLD, CARD, AbortSignal.timeout(5_000))).toEqual(silence);
    expect(await client.payment('pay_ours', AbortSignal.timeout(5_000))).toEqual(silence);
    expect(await client.payment('pay_other', AbortSignal.timeout(5_000))).toMatchObject({ kind: 'answered' });
  });

  it('a lost connection is silence', async () => {
    const client = await clientOf((request) => request.socket.destroy());
    expect((await client.pay(HOLD, CARD, AbortSignal.timeout(1_000))).kind).toBe('silent');
  });

  it('ends at the deadline although the client cannot be aborted', async () => {
    const client = await clientOf(() => undefined);
    const started = performance.now();
    const call = await client.pay(HOLD, CARD, AbortSignal.timeout(100));
    expect(call).toEqual({ kind: 'silent', code: 'NO_ANSWER_IN_TIME' });
    expect(performance.now() - started).toBeLessThan(900);
  });

  it('nobody listening means that nothing was asked', async () => {
    const client = await clientOf(() => undefined);
    const { port } = server?.address() as AddressInfo;
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    expect(client).toBeDefined();
    expect(await clientAt(port).pay(HOLD, CARD, AbortSignal.timeout(1_000))).toEqual({ kind: 'never_left' });
  });

  it('a deadline that has passed already asks nothing', async () => {
    let asked = 0;
    const client = await clientOf((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    expect(await client.pay(HOLD, CARD, AbortSignal.abort())).toEqual({ kind: 'never_left' });
    expect(asked).toBe(0);
  });
});
