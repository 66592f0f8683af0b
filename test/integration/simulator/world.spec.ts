import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { RunningSimulator } from './running-simulator';

jest.setTimeout(180_000);

const SECRET = `whsec_${Buffer.from('a secret of the tests, 32 bytes.').toString('base64')}`;
/** The database and this process read one clock, each in its own digits. */
const CLOCKS_DIFFER_MS = 100;
const PAYMENT = 'pay_01JDXYZ0123456789ABCDEFGHJ';

interface Rate {
  pair: string;
  mid: string;
  bid: string;
  ask: string;
  as_of: string;
}

describe('the rest of the simulated world', () => {
  let simulator: RunningSimulator;

  beforeAll(async () => {
    simulator = await RunningSimulator.start();
  });
  afterAll(async () => {
    await simulator.stop();
  });
  beforeEach(async () => {
    await simulator.control('POST', '/reset');
  });

  describe("the partner's webhook receiver", () => {
    beforeEach(async () => {
      await simulator.control('POST', '/partner/secret', { secret: SECRET });
    });

    function deliver(
      id: string,
      event: object,
      wish: { secret?: string; at?: Date; body?: string } = {},
    ): Promise<Response> {
      const at = wish.at ?? new Date();
      const body = JSON.stringify(event);
      return fetch(`${simulator.url}/partner/webhooks`, {
        method: 'POST',
        body: wish.body ?? body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': new Webhook(wish.secret ?? SECRET).sign(id, at, body),
        },
      });
    }

    async function events(): Promise<{ webhook_id: string; deliveries: number }[]> {
      const path = `/partner/events?payment=${PAYMENT}`;
      return (await simulator.control<{ events: { webhook_id: string; deliveries: number }[] }>('GET', path)).events;
    }

    it('keeps what is signed, each event once, in the order of arrival', async () => {
      const event = { type: 'payment.completed', data: { object: { id: PAYMENT } } };
      for (const id of ['evt_1', 'evt_2', 'evt_1']) expect((await deliver(id, event)).status).toBe(200);
      expect(await events()).toMatchObject([
        { webhook_id: 'evt_1', deliveries: 2 },
        { webhook_id: 'evt_2', deliveries: 1 },
      ]);
    });

    it('refuses a foreign secret, an old timestamp and a changed body', async () => {
      const event = { data: { object: { id: PAYMENT } } };
      const foreign = `whsec_${Buffer.from('another secret, also 32 bytes...').toString('base64')}`;
      expect((await deliver('evt_1', event, { secret: foreign })).status).toBe(401);
      expect((await deliver('evt_2', event, { at: new Date(Date.now() - 600_000) })).status).toBe(401);
      expect((await deliver('evt_3', event, { body: JSON.stringify({ ...event, more: 1 }) })).status).toBe(401);
      expect(await events()).toEqual([]);
      const { refusals } = await simulator.control<{ refusals: unknown[] }>('GET', '/partner/refusals');
      expect(refusals).toHaveLength(3);
    });

    it('accepts the previous secret while it is being rotated', async () => {
      const secret = `whsec_${Buffer.from('the newer secret of 32 bytes....').toString('base64')}`;
      await simulator.control('POST', '/partner/secret', { secret, previous: SECRET });
      expect((await deliver('evt_1', { id: PAYMENT })).status).toBe(200);
      expect((await deliver('evt_2', { id: PAYMENT }, { secret })).status).toBe(200);
    });

    it('fails as often as it is told, then takes it', async () => {
      await simulator.control('POST', '/partner/failures', { times: 2, status: 503 });
      const statuses = [];
      for (let i = 0; i < 3; i++) statuses.push((await deliver('evt_1', { id: PAYMENT })).status);
      expect(statuses).toEqual([503, 503, 200]);
    });
  });

  describe('the rate feed', () => {
    const rate = async (): Promise<Rate> => (await (await fetch(`${simulator.url}/treasury/rates`)).json()) as Rate;

    it('is stamped now and moves a little around its mid', async () => {
      const before = Date.now();
      const now = await rate();
      expect(now).toMatchObject({ pair: 'USD/CNY' });
      const stamped = Date.parse(now.as_of);
      expect(stamped).toBeGreaterThanOrEqual(before - CLOCKS_DIFFER_MS);
      expect(stamped).toBeLessThanOrEqual(Date.now() + CLOCKS_DIFFER_MS);
      for (const value of [now.mid, now.bid, now.ask]) expect(value).toMatch(/^7\.13[0-9]{6}$/);
      expect([now.bid, now.mid, now.ask]).toEqual([now.bid, now.mid, now.ask].sort());
    });

    it('says what it is told: a fixed mid, an old stamp, nothing', async () => {
      await simulator.control('POST', '/treasury', { mid: '7.2500', as_of: '2026-01-01T00:00:00.000Z' });
      expect(await rate()).toMatchObject({ mid: '7.25000000', as_of: '2026-01-01T00:00:00.000Z' });
      await simulator.control('POST', '/treasury', { mid: '-1' });
      expect(await rate()).toMatchObject({ mid: '-1.00000000' });
      await simulator.control('POST', '/treasury', { down: true });
      expect((await fetch(`${simulator.url}/treasury/rates`)).status).toBe(503);
    });

    it('is near the daily comparison file', async () => {
      const file = await (await fetch(`${simulator.url}/ecb/eurofxref-daily.xml`)).text();
      const of = (currency: string): number =>
        Number(new RegExp(`currency='${currency}' rate='([0-9.]+)'`).exec(file)?.[1]);
      expect(of('CNY') / of('USD')).toBeCloseTo(Number((await rate()).mid), 2);
      expect(file).toContain(`time='${new Date().toISOString().slice(0, 10)}'`);
    });
  });

  describe('the control API', () => {
    it('needs its token', async () => {
      for (const path of ['/control/books', '/control/alipay/credentials', '/control/faults']) {
        expect((await fetch(`${simulator.url}${path}`)).status).toBe(401);
      }
      const headers = { authorization: 'Bearer wrong-token-of-the-tests' };
      expect((await fetch(`${simulator.url}/control/books`, { headers })).status).toBe(401);
    });

    it.each([
      { network: 'nowhere', behaviour: 'decline' },
      { network: 'ams', behaviour: 'explode' },
      { network: 'ams', behaviour: 'delay', ms: -1 },
      { network: 'ams', behaviour: 'delay', ms: 1.5 },
      { network: 'ams', behaviour: 'decline', times: 0 },
      { network: 'ams', behaviour: 'decline', match: { amount: '-1' } },
      { network: 'ams', behaviour: 'decline', match: {} },
    ])('refuses the rule %j', async (rule) => {
      await expect(simulator.fault(rule)).rejects.toThrow('422');
    });

    it('keeps the same keys over a reset, and forgets the books', async () => {
      const before = await simulator.control('GET', '/alipay/credentials');
      const holder = { network: 'acquirer', operation: 'authorize', behaviour: 'decline', match: 'next' };
      await simulator.fault(holder);
      await simulator.control('POST', '/reset');
      expect(await simulator.control('GET', '/alipay/credentials')).toEqual(before);
      expect(await simulator.control('GET', '/faults')).toEqual({ faults: [] });
      expect(await simulator.control('GET', '/books/summary')).toEqual({ lines: [] });
      expect(await simulator.control('GET', '/books')).toEqual({ movements: [], next: null });
    });

    it('sums up its books by network, operation and currency', async () => {
      const { acquirer } = await simulator.control<{ acquirer: { secret_key: string } }>(
        'GET',
        '/applepay/credentials',
      );
      const card = { type: 'card', number: '4242424242424242', expiry_month: 12, expiry_year: 2033 };
      for (const amount of [100, 250]) {
        const response = await fetch(`${simulator.url}/acquirer/payments`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${acquirer.secret_key}` },
          body: JSON.stringify({ source: card, amount, currency: 'USD', reference: randomUUID(), capture: false }),
        });
        expect(response.status).toBe(201);
      }
      expect(await simulator.control('GET', '/books/summary')).toEqual({
        lines: [{ network: 'acquirer', operation: 'authorize', currency: 'USD', sign: 0, count: 2, amount: '350' }],
      });
    });

    it('answers unknown things with 404', async () => {
      await expect(simulator.control('POST', '/transfers/nothing/return', {})).rejects.toThrow('404');
      await expect(simulator.control('POST', '/ams/orders/nothing/confirm', {})).rejects.toThrow('404');
      await expect(simulator.control('POST', '/payouts/nothing/return', {})).rejects.toThrow('404');
    });
  });
});
