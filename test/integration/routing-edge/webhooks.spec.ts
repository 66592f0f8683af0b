import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { WebhookRepository } from '../../../apps/routing/src/outbound/webhook.repository';
import { ListeningPartners } from '../../../apps/routing/src/webhooks/listening-partners';
import { until } from '../../e2e/support/until';
import { RoutingEdge } from './routing-edge';

jest.setTimeout(120_000);

interface Heard {
  headers: Record<string, string>;
  text: string;
  at: number;
}

/** A partner's receiver: answers as told, remembers everything. */
class Receiver {
  readonly heard: Heard[] = [];
  answers: number[] = [];
  /** Whose events are answered from `answers`; all, where it is not said. */
  about = '';
  delayMs = 0;
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<Receiver> {
    const state: { me?: Receiver } = {};
    const server = createServer((request, reply) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const me = state.me!;
        me.heard.push({ headers: request.headers as Record<string, string>, text, at: performance.now() });
        const status = (text.includes(me.about) ? me.answers.shift() : undefined) ?? 200;
        setTimeout(() => reply.writeHead(status, status === 302 ? { location: me.url } : {}).end('ok'), me.delayMs);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    state.me = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
    return state.me;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async until(count: number): Promise<void> {
    const end = performance.now() + 60_000;
    while (this.heard.length < count && performance.now() < end) await sleep(20);
    expect(this.heard.length).toBeGreaterThanOrEqual(count);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const typeOf = ({ text }: Heard): string => (JSON.parse(text) as { type: string }).type;

describe('webhooks', () => {
  let edge: RoutingEdge;
  let receiver: Receiver;
  let endpoint: { id: string; secret: string };

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });
  beforeEach(async () => {
    receiver = await Receiver.open();
    const made = await edge.post('/v1/webhook_endpoints', { url: receiver.url });
    expect(made.status).toBe(201);
    endpoint = made.body as typeof endpoint;
  });
  afterEach(async () => {
    await edge.send('DELETE', `/v1/webhook_endpoints/${endpoint.id}`);
    await receiver.close();
  });

  async function pay(): Promise<string> {
    const reply = await edge.post('/v1/payments', await edge.payable());
    expect(reply.status).toBe(202);
    return reply.body.id as string;
  }
  const cancel = (id: string): Promise<unknown> => edge.post(`/v1/payments/${id}/cancel`, {});
  const stateOf = async (type: string): Promise<string> => {
    const rows = await edge.test.database.query<{ state: string }>(
      'SELECT state FROM webhook_delivery WHERE endpoint_id = $1 AND type = $2',
      [endpoint.id, type],
    );
    return rows.map(({ state }) => state).join();
  };

  it('are signed as Standard Webhooks says, over the very bytes sent', async () => {
    const id = await pay();
    await receiver.until(1);
    const { headers, text } = receiver.heard[0]!;
    const event = new Webhook(endpoint.secret).verify(text, headers) as {
      id: string;
      type: string;
      data: { object: { id: string; status: string } };
    };
    expect(event).toMatchObject({ type: 'payment.processing', data: { object: { id, status: 'processing' } } });
    expect(headers['webhook-id']).toBe(event.id);
    expect(() => new Webhook(endpoint.secret).verify(`${text} `, headers)).toThrow();
  });

  it('are sent again with the same id and bytes until the partner takes them', async () => {
    receiver.answers = [500, 302, 503];
    await pay();
    await receiver.until(4);
    expect(new Set(receiver.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.heard.map(({ text }) => text)).size).toBe(1);
    await until('it is delivered', async () => (await stateOf('payment.processing')) === 'delivered');
    await sleep(600);
    expect(receiver.heard).toHaveLength(4);
  });

  it('of one payment come in order: the next waits until the earlier one was taken', async () => {
    receiver.answers = [500, 500, 500];
    receiver.about = 'payment.processing';
    const id = await pay();
    receiver.about = id;
    await edge.test.database.query(
      `INSERT INTO webhook_delivery (event_id, endpoint_id, payment_id, sequence, type, body, due)
       VALUES ('evt_later', $1, $2, 2, 'payment.completed', '{"type":"payment.completed"}', clock_now())`,
      [endpoint.id, id],
    );
    const other = await pay();
    await receiver.until(6);
    const mine = receiver.heard.filter(({ text }) => !text.includes(other)).map(typeOf);
    expect(mine).toEqual([...Array<string>(4).fill('payment.processing'), 'payment.completed']);
    const overtook = receiver.heard.findIndex(({ text }) => text.includes(other));
    expect(overtook).toBeLessThan(receiver.heard.findIndex(({ text }) => text.includes('payment.completed')));
  });

  it('stop at once when the partner answers 410, and what waits is given up', async () => {
    receiver.answers = [410];
    await pay();
    await receiver.until(1);
    await until('the endpoint is disabled', async () => {
      const { body } = await edge.send('GET', '/v1/webhook_endpoints');
      return (body.data as { id: string; status: string }[]).some(
        ({ id, status }) => id === endpoint.id && status === 'disabled',
      );
    });
    await until('what waits is given up', async () => (await stateOf('payment.processing')) === 'given_up');
    await sleep(1_100);
    await pay();
    await sleep(300);
    expect(receiver.heard).toHaveLength(1);
  });

  it('write nothing for a partner without endpoint', async () => {
    await edge.send('DELETE', `/v1/webhook_endpoints/${endpoint.id}`);
    const before = await edge.count('webhook_delivery');
    await cancel(await pay());
    expect(await edge.count('webhook_delivery')).toBe(before);
  });

  it('keep the secret sealed at rest, also in the kept answer, and replay it', async () => {
    const first = await edge.post('/v1/webhook_endpoints', { url: receiver.url }, 'endpoint-key');
    const again = await edge.post('/v1/webhook_endpoints', { url: receiver.url }, 'endpoint-key');
    expect(again.text).toBe(first.text);
    const rows = await edge.test.database.query(
      `SELECT (SELECT json_agg(e) FROM webhook_endpoint e)::text AS a, (SELECT json_agg(k) FROM idempotency_key k)::text AS b`,
    );
    const secret = String(first.body.secret);
    expect(secret).toMatch(/^whsec_/);
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6));
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret).toString('hex'));
    await edge.send('DELETE', `/v1/webhook_endpoints/${String(first.body.id)}`);
  });

  it.each([
    'https://10.0.0.1/',
    'https://0xa000001/',
    'https://167772161/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/',
    'http://example.com/',
    'https://user@example.com/',
    'https://metadata.internal/',
    'gopher://example.com/',
    'file:///etc/passwd',
    'not a url',
  ])('are not sent to %s', async (url) => {
    const reply = await edge.post('/v1/webhook_endpoints', { url });
    expect(reply.body).toMatchObject({ code: 'URL_REFUSED', param: 'url', status: 422 });
  });

  it('miss nothing after the answer that an endpoint is there, at whichever instance a status changes', async () => {
    await edge.send('DELETE', `/v1/webhook_endpoints/${endpoint.id}`);
    const elsewhere = new ListeningPartners(new WebhookRepository());
    expect([...(await elsewhere.current(edge.test.database))]).toEqual([]);
    endpoint = (await edge.post('/v1/webhook_endpoints', { url: receiver.url })).body as typeof endpoint;
    expect([...(await elsewhere.current(edge.test.database))]).toEqual(['prt_a']);
  });

  it('go to 16 endpoints of a partner at most, also where more are made at once', async () => {
    const urls = Array.from({ length: 24 }, (_, at) => ({ url: `${receiver.url}/${at}` }));
    const replies = await Promise.all(urls.map((url) => edge.post('/v1/webhook_endpoints', url)));
    const { data } = (await edge.send('GET', '/v1/webhook_endpoints')).body as { data: { id: string }[] };
    for (const { id } of data) await edge.send('DELETE', `/v1/webhook_endpoints/${id}`);
    expect(data).toHaveLength(16);
    expect(replies.filter(({ body }) => body.code === 'TOO_MANY_ENDPOINTS')).toHaveLength(9);
  });

  it("of another partner's endpoint cannot be deleted", async () => {
    const other = { authorization: `Bearer ${RoutingEdge.OTHER_KEY}` };
    const reply = await edge.send('DELETE', `/v1/webhook_endpoints/${endpoint.id}`, undefined, other);
    expect([reply.status, reply.body.code]).toEqual([404, 'WEBHOOK_ENDPOINT_NOT_FOUND']);
  });
});
