import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Checkout } from 'checkout-sdk-node';
import { eventually, RunningSimulator } from './running-simulator';

jest.setTimeout(60_000);

/** What the official client gives back; only the fields that are looked at. */
interface Paid {
  id: string;
  status: string;
  approved: boolean;
  amount: number;
  amount_requested?: number;
  response_code: string;
  expires_on?: string;
  eci?: string;
  balances: Record<string, number>;
  reference: string;
}
interface Credentials {
  acquirer: { host: string; secret_key: string; public_key: string; webhook_secret: string };
}

describe('the simulated acquirer, used by its official client', () => {
  let simulator: RunningSimulator;
  let client: Checkout;
  let secrets: Credentials['acquirer'];

  beforeAll(async () => {
    simulator = await RunningSimulator.start();
    secrets = (await simulator.control<Credentials>('GET', '/applepay/credentials')).acquirer;
    client = clientWith(10_000);
  });
  afterAll(async () => {
    await simulator.stop();
  });
  afterEach(async () => {
    await simulator.control('DELETE', '/faults');
    await simulator.control('POST', '/clock', { offset_ms: 0 });
  });

  function clientWith(timeout: number): Checkout {
    return new Checkout(secrets.secret_key, { pk: secrets.public_key, host: `${simulator.url}/acquirer`, timeout });
  }

  async function walletToken(wish: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const response = await fetch(`${simulator.url}/apple/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scheme: 'visa', amount: '10200', currency: 'USD', ...wish }),
    });
    expect(response.status).toBe(201);
    return ((await response.json()) as { paymentData: Record<string, unknown> }).paymentData;
  }

  async function acquirerToken(wish: Record<string, unknown> = {}): Promise<string> {
    const answer = (await client.tokens.request({ type: 'applepay', token_data: await walletToken(wish) })) as {
      token: string;
    };
    return answer.token;
  }

  function request(token: string, reference: string, more: Record<string, unknown> = {}): Record<string, unknown> {
    return { source: { type: 'token', token }, amount: 10200, currency: 'USD', reference, capture: false, ...more };
  }

  async function hold(reference: string, wish: Record<string, unknown> = {}): Promise<Paid> {
    return (await client.payments.request(request(await acquirerToken(wish), reference), reference)) as Paid;
  }

  const newReference = (step: string): string => `pay_${randomUUID().replaceAll('-', '').slice(0, 26)}-${step}`;

  it('opens a wallet token and tells the card without its number', async () => {
    const answer = await client.tokens.request({
      type: 'applepay',
      token_data: await walletToken({ scheme: 'mastercard' }),
    });
    expect(answer).toMatchObject({ type: 'applepay', scheme: 'Mastercard', issuer_country: 'US' });
    expect(JSON.stringify(answer)).not.toMatch(/[0-9]{12,}/);
  });

  it.each(['wrong_merchant', 'undecryptable', 'tampered_data'])('refuses a wallet token that is %s', async (broken) => {
    const token_data = await walletToken({ broken });
    await expect(client.tokens.request({ type: 'applepay', token_data })).rejects.toMatchObject({
      http_code: 422,
      body: { error_codes: ['token_data_invalid'] },
    });
  });

  it('knows nobody without a key', async () => {
    const stranger = new Checkout('sk_sbox_simulatedsecretkeyforthega6', { host: `${simulator.url}/acquirer` });
    await expect(stranger.payments.get('pay_unknown')).rejects.toMatchObject({ http_code: 401 });
  });

  it('holds, captures, refunds, and its books say so', async () => {
    const reference = newReference('hold');
    const held = await hold(reference);
    expect(held).toMatchObject({
      status: 'Authorized',
      approved: true,
      amount: 10200,
      response_code: '10000',
      eci: '07',
    });
    const days = (new Date(held.expires_on ?? 0).getTime() - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(10);

    const capture = newReference('capture');
    const captured = (await client.payments.capture(held.id, { amount: 10200, reference: capture }, capture)) as object;
    expect(captured).toMatchObject({ reference: capture });
    await client.payments.refund(held.id, { amount: 4000, reference: 'rfd-1' }, 'rfd-1');
    const found = (await client.payments.get(held.id)) as Paid;
    expect(found.status).toBe('Partially Refunded');
    expect(found.balances).toMatchObject({ total_captured: 10200, total_refunded: 4000, available_to_refund: 6200 });
    expect(await client.payments.getActions(held.id)).toMatchObject([
      { type: 'Refund', amount: 4000, reference: 'rfd-1' },
      { type: 'Capture', amount: 10200, reference: capture },
      { type: 'Authorization', amount: 10200, reference },
    ]);
    expect(await simulator.movements(held.id)).toEqual([
      { operation: 'authorize', amount: '10200', sign: 0 },
      { operation: 'capture', amount: '10200', sign: -1 },
      { operation: 'refund', amount: '4000', sign: 1 },
    ]);
  });

  it('refuses to capture more than it holds, or twice', async () => {
    const held = await hold(newReference('hold'));
    await expect(client.payments.capture(held.id, { amount: 10201 })).rejects.toMatchObject({ http_code: 422 });
    await client.payments.capture(held.id, { amount: 10200, reference: 'c1' }, `${held.id}-c1`);
    await expect(client.payments.capture(held.id, { amount: 10200 }, `${held.id}-c2`)).rejects.toMatchObject({
      http_code: 403,
    });
    await expect(client.payments.void(held.id, {})).rejects.toMatchObject({ http_code: 403 });
  });

  it('voids a hold, and reverses as a void or as a refund', async () => {
    const [voided, reversedHold, reversedCapture] = [
      await hold(newReference('hold')),
      await hold(newReference('hold')),
      await hold(newReference('hold')),
    ];
    await client.payments.void(voided.id, { reference: 'v' }, `${voided.id}-v`);
    expect(((await client.payments.get(voided.id)) as Paid).status).toBe('Voided');
    expect(await client.payments.reverse(reversedHold.id, { reference: 'r' })).toMatchObject({ action_type: 'void' });
    await client.payments.capture(reversedCapture.id, {});
    expect(await client.payments.reverse(reversedCapture.id, {})).toMatchObject({ action_type: 'refund' });
    expect(((await client.payments.get(reversedCapture.id)) as Paid).status).toBe('Refunded');
  });

  it('finds a payment by our reference', async () => {
    const reference = newReference('hold');
    const held = await hold(reference);
    const found = await client.payments.getPaymentList({ reference, limit: 10 });
    expect(found).toMatchObject({ total_count: 1, data: [{ id: held.id, reference, status: 'Authorized' }] });
    expect(await client.payments.getPaymentList({ reference: 'nobody' })).toMatchObject({ total_count: 0, data: [] });
  });

  it('pulls from a card in one message and pushes to a card, but not for Amex', async () => {
    const pull = newReference('collect');
    const parties = { processing: { aft: true }, sender: { type: 'individual' }, recipient: { type: 'individual' } };
    const pulled = (await client.payments.request(
      request(await acquirerToken(), pull, { ...parties, capture: true }),
      pull,
    )) as Paid;
    expect(pulled.status).toBe('Captured');
    expect(await simulator.movements(pull)).toEqual([{ operation: 'account_funding', amount: '10200', sign: -1 }]);

    const push = newReference('credit');
    const payout = async (scheme: string, reference: string): Promise<Paid> => {
      const destination = { type: 'token', token: await acquirerToken({ scheme }) };
      return (await client.payments.request(
        { destination, amount: 5000, currency: 'USD', reference },
        reference,
      )) as Paid;
    };
    expect(await payout('visa', push)).toMatchObject({ status: 'Paid', approved: true, amount: 5000 });
    expect(await simulator.movements(push)).toEqual([{ operation: 'payout', amount: '5000', sign: 1 }]);
    expect(await payout('amex', newReference('credit'))).toMatchObject({ status: 'Declined', response_code: '20057' });
  });

  it.each([
    ['visa', 'approve', 'fast_funds'],
    ['mastercard', 'approve', 'fast_funds'],
    ['amex', 'approve', 'not_supported'],
    ['visa', 'payout_not_eligible', 'not_supported'],
  ])('says whether %s (%s) can be pushed to: %s', async (scheme, outcome, expected) => {
    const token = await acquirerToken({ scheme, outcome });
    const facts = await client.cardMetadata.get({ source: { type: 'token', token }, format: 'card_payouts' });
    expect(facts).toMatchObject({ scheme, card_payouts: { domestic_money_transfer: expected } });
  });

  it.each([
    ['insufficient_funds', '20051'],
    ['do_not_honour', '20005'],
    ['suspected_fraud', '20059'],
  ])('declines a card marked %s with %s and moves nothing', async (outcome, code) => {
    const reference = newReference('hold');
    expect(await hold(reference, { outcome })).toMatchObject({
      status: 'Declined',
      approved: false,
      response_code: code,
    });
    expect(await simulator.movements(reference)).toEqual([]);
  });

  it('approves a part and says what was asked', async () => {
    const held = await hold(newReference('hold'), { outcome: 'partial_approval' });
    expect(held).toMatchObject({ approved: true, amount: 5100, amount_requested: 10200, response_code: '10010' });
  });

  it('repeats its answer for the same key, executes once, and refuses another body under it', async () => {
    const reference = newReference('hold');
    const body = request(await acquirerToken(), reference);
    const answers = (await Promise.all([1, 2, 3, 4].map(() => client.payments.request(body, reference)))) as Paid[];
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(await simulator.movements(reference)).toHaveLength(1);
    await expect(client.payments.request({ ...body, amount: 1 }, reference)).rejects.toMatchObject({ http_code: 422 });
  });

  it('uses a token once', async () => {
    const token = await acquirerToken();
    await client.payments.request(request(token, newReference('hold')));
    await expect(client.payments.request(request(token, newReference('hold')))).rejects.toMatchObject({
      http_code: 422,
      body: { error_codes: ['token_used'] },
    });
  });

  it('forgets a key after 24 hours: a capture repeated too late is judged anew', async () => {
    const held = await hold(newReference('hold'));
    const key = newReference('capture');
    await client.payments.capture(held.id, { reference: key }, key);
    await client.payments.capture(held.id, { reference: key }, key);
    await simulator.control('POST', '/clock', { offset_ms: 25 * 3_600_000 });
    await expect(client.payments.capture(held.id, { reference: key }, key)).rejects.toMatchObject({ http_code: 403 });
  });

  it('keeps no answer for an error that had executed: the repeat refunds again', async () => {
    const held = await hold(newReference('hold'));
    await client.payments.capture(held.id, {}, newReference('capture'));
    const reference = newReference('refund');
    await simulator.fault({
      network: 'acquirer',
      operation: 'refund',
      match: reference,
      behaviour: 'http_500',
      params: { executed: true },
    });
    const refund = (): Promise<unknown> => client.payments.refund(held.id, { amount: 1000, reference }, reference);
    await expect(refund()).rejects.toMatchObject({ http_code: 500 });
    await refund();
    expect(await simulator.movements(reference)).toHaveLength(2);
  });

  it('lets a hold lapse when its days are over', async () => {
    const held = await hold(newReference('hold'), { scheme: 'mastercard' });
    await simulator.control('POST', '/clock', { offset_ms: 7 * 86_400_000 + 60_000 });
    await expect(client.payments.capture(held.id, {})).rejects.toMatchObject({ http_code: 403 });
    expect(((await client.payments.get(held.id)) as Paid).status).toBe('Expired');
  });

  it('executes and stays silent, or stays silent only: enquiry tells', async () => {
    const hasty = clientWith(700);
    for (const [outcome, expected] of [
      ['hold_timeout_executed', 1],
      ['hold_timeout_not_executed', 0],
    ] as const) {
      const reference = newReference('hold');
      const body = request(await acquirerToken({ outcome }), reference);
      await expect(
        Promise.race([
          hasty.payments.request(body, reference),
          new Promise((_, reject) => setTimeout(() => reject(new Error('silence')), 900)),
        ]),
      ).rejects.toThrow();
      expect(await client.payments.getPaymentList({ reference })).toMatchObject({ total_count: expected });
      expect(await client.payments.request(body, reference)).toMatchObject({ status: 'Authorized' });
      expect(await simulator.movements(reference)).toHaveLength(1);
    }
  });

  it('answers pending and finishes by itself', async () => {
    const held = await hold(newReference('hold'), { outcome: 'hold_pending' });
    expect(held.status).toBe('Pending');
    const settled = await eventually(async () => {
      const found = (await client.payments.get(held.id)) as Paid;
      return found.status === 'Pending' ? undefined : found;
    });
    expect(settled).toMatchObject({ status: 'Authorized', approved: true, amount: 10200 });
  });

  it('executes later than it was asked, with nothing to be found until then', async () => {
    const reference = newReference('hold');
    const body = request(await acquirerToken(), reference);
    const match = { reference };
    await simulator.fault({
      network: 'acquirer',
      operation: 'authorize',
      match,
      behaviour: 'execute_later',
      ms: 60_000,
    });
    void client.payments.request(body, reference).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await client.payments.getPaymentList({ reference })).toMatchObject({ total_count: 0 });
    await simulator.control('POST', '/clock', { offset_ms: 61_000 });
    await eventually(async () => ((await simulator.movements(reference)).length === 1 ? true : undefined));
  });

  it('closes the connection after executing', async () => {
    const reference = newReference('hold');
    const body = request(await acquirerToken({ outcome: 'hold_connection_closed' }), reference);
    await expect(client.payments.request(body, reference)).rejects.toBeDefined();
    expect(await simulator.movements(reference)).toHaveLength(1);
  });

  describe('its webhooks', () => {
    let receiver: Server;
    let received: { headers: IncomingMessage['headers']; body: string }[];
    let status: number;

    beforeEach(async () => {
      received = [];
      status = 200;
      receiver = createServer((incoming, response) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          received.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') });
          response.writeHead(status).end();
        });
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      const { port } = receiver.address() as AddressInfo;
      await simulator.control('POST', '/acquirer/webhook', { url: `http://127.0.0.1:${port}/notifications` });
    });
    afterEach(async () => {
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    });

    const about = (id: string): typeof received => received.filter(({ body }) => body.includes(id));

    it('are signed over the body', async () => {
      const held = await hold(newReference('hold'));
      const [webhook] = await eventually(async () => (about(held.id).length > 0 ? about(held.id) : undefined));
      const expected = createHmac('sha256', secrets.webhook_secret)
        .update(webhook?.body ?? '')
        .digest('hex');
      expect(webhook?.headers['cko-signature']).toBe(expected);
      expect(JSON.parse(webhook?.body ?? '')).toMatchObject({
        type: 'payment_approved',
        data: { id: held.id, amount: 10200, reference: held.reference },
      });
    });

    it('come twice when told so, and never when told so', async () => {
      const twice = await hold(newReference('hold'), { outcome: 'notify_twice' });
      const never = await hold(newReference('hold'), { outcome: 'notify_never' });
      await eventually(async () => (about(twice.id).length === 2 ? true : undefined));
      expect(about(never.id)).toEqual([]);
    });

    it('are sent again until they are taken', async () => {
      status = 500;
      const held = await hold(newReference('hold'));
      await eventually(async () => (about(held.id).length === 1 ? true : undefined));
      status = 200;
      await simulator.control('POST', '/clock', { offset_ms: 61_000 });
      await eventually(async () => (about(held.id).length === 2 ? true : undefined));
    });
  });
});
