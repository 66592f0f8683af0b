import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '@gateway/platform';
import type { Instruction, Outcome } from '@gateway/wallet-network';
import { AlipayClients } from '../../../apps/china-wallet/src/alipay.clients';
import type { AlipayConfig } from '../../../apps/china-wallet/src/alipay.config';
import { AlipayNetwork } from '../../../apps/china-wallet/src/alipay.network';
import { AlipaySide } from './alipay-side';

jest.setTimeout(180_000);

interface Said {
  status: number;
  headers: Record<string, string>;
  body: string;
}
type Change = (said: Said) => Said;

/** Between the adapter and Alipay: passes requests on and alters what comes back. */
class Between {
  change: Change = (said) => said;
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async listen(target: string): Promise<Between> {
    const state: { me?: Between } = {};
    const server = createServer((request, reply) => {
      void passOn(target, request).then((said) => {
        const { status, headers, body } = state.me!.change(said);
        reply.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    state.me = new Between(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return state.me;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function passOn(target: string, request: IncomingMessage): Promise<Said> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const kept = ['content-type', 'client-id', 'request-time', 'signature'];
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (kept.includes(name) ? [[name, String(value)]] : [])),
  );
  const answer = await fetch(`${target}${request.url}`, { method: 'POST', headers, body: Buffer.concat(chunks) });
  const shown = ['content-type', 'client-id', 'response-time', 'signature'];
  const back = Object.fromEntries([...answer.headers].filter(([name]) => shown.includes(name)));
  return { status: answer.status, headers: back, body: await answer.text() };
}

/** The same JSON with the fields of every object the other way round: another text than the one that was signed. */
function reordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reordered(inner)]),
  );
}

/** The answer as it was signed, and behind its signature once more in other words. */
function saidTwice(body: string): string {
  const [[name, node] = ['', {}]] = Object.entries(JSON.parse(body) as Record<string, object>);
  const again = { ...node, status: 'SUCCESS', trans_amount: '0.01' };
  return `${body.slice(0, -1)},${JSON.stringify({ [name]: again }).slice(1)}`;
}

describe('answers that are not what they should be', () => {
  let alipay: AlipaySide;
  let between: Between;
  let network: AlipayNetwork;

  beforeAll(async () => {
    alipay = await AlipaySide.start();
    between = await Between.listen(alipay.simulator.url);
    const credentials = await alipay.credentials();
    const config = { simulatorUrl: between.url, notifyBaseUrl: 'http://127.0.0.1:9' } as AlipayConfig;
    network = new AlipayNetwork(new AlipayClients(config, credentials), new SystemClock());
  });
  afterAll(async () => {
    await between?.close();
    await alipay?.stop();
  });

  const call = (instruction: Instruction): Promise<Outcome> =>
    network[instruction.operation as 'credit' | 'collect'](instruction, AbortSignal.timeout(30_000));
  const ask = (instruction: Instruction): Promise<Outcome> => network.enquire(instruction, AbortSignal.timeout(30_000));

  const CHANGES: [string, Change][] = [
    ['`success` with HTTP 500', (said) => ({ ...said, status: 500, body: 'success' })],
    ['`success` with HTTP 200', (said) => ({ ...said, body: 'success' })],
    ['HTML', (said) => ({ ...said, headers: { 'content-type': 'text/html' }, body: '<html><body>OK</body></html>' })],
    ['nothing', (said) => ({ ...said, body: '' })],
    ['the fields in another order', (said) => ({ ...said, body: JSON.stringify(reordered(JSON.parse(said.body))) })],
    [
      'a space that was not signed',
      (said) => ({ ...said, body: said.body.replace('"code":', '"code": ').replace('"result":', '"result": ') }),
    ],
    ['another amount', (said) => ({ ...said, body: said.body.replaceAll('36021', '1').replaceAll('360.21', '0.01') })],
    ['a second answer behind the signed one', (said) => ({ ...said, body: saidTwice(said.body) })],
    [
      'no signature',
      ({ headers, ...said }) => ({
        ...said,
        headers: { 'content-type': headers['content-type'] ?? '' },
        body: said.body.replace(/,"sign":"[^"]*"/, ''),
      }),
    ],
  ];

  it.each(['credit', 'collect'] as const)('an unaltered answer to a %s is the truth', async (operation) => {
    between.change = (said) => said;
    expect((await call(alipay.instruct(operation))).kind).toBe('PROCESSED');
  });

  describe.each(CHANGES)('case 64: %s', (_name, change) => {
    it.each(['credit', 'collect'] as const)(
      'proves nothing about a %s, which an enquiry finds done once',
      async (operation) => {
        const instruction = alipay.instruct(operation);
        between.change = change;
        expect((await call(instruction)).kind).toBe('UNKNOWN');
        expect((await ask(instruction)).kind).toBe('UNKNOWN');
        between.change = (said) => said;
        expect(await ask(instruction)).toMatchObject({ kind: 'PROCESSED', amount: instruction.amount });
        expect(await alipay.executed(instruction.instructionId)).toBe(1);
      },
    );
  });

  it.each(['credit', 'collect'] as const)(
    'case 64: a signed answer to another %s proves nothing about this one',
    async (operation) => {
      const [one, other] = [alipay.instruct(operation), alipay.instruct(operation)];
      let kept: Said | undefined;
      between.change = (said) => (kept ??= said);
      expect((await call(one)).kind).toBe('PROCESSED');
      expect((await call(other)).kind).toBe('UNKNOWN');
      between.change = (said) => said;
      expect(await ask(other)).toMatchObject({ kind: 'PROCESSED', amount: other.amount });
    },
  );

  it('an error that anybody could have written, unsigned, is not believed', async () => {
    const instruction = alipay.instruct('collect');
    const error = { result: { resultStatus: 'F', resultCode: 'SIGNATURE_INVALID', resultMessage: 'x' } };
    between.change = (said) => ({
      ...said,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(error),
    });
    expect(await call(instruction)).toEqual({ kind: 'UNKNOWN', networkCode: 'UNSIGNED_ANSWER' });
    between.change = (said) => said;
    expect((await ask(instruction)).kind).toBe('PROCESSED');
  });

  it('REPEAT_REQ_INCONSISTENT says that an earlier request has this id, not what became of it', async () => {
    const instruction = alipay.instruct('collect');
    expect((await call(instruction)).kind).toBe('PROCESSED');
    const changed = { ...instruction, amount: { amount: '1', currency: 'CNY' } };
    expect(await call(changed)).toEqual({ kind: 'UNKNOWN', networkCode: 'REPEAT_REQ_INCONSISTENT' });
    expect(await alipay.executed(instruction.instructionId)).toBe(1);
  });

  it('an order code is shown to the payer, and its order is paid when the payer scans it', async () => {
    const instruction = alipay.instruct('collect');
    const order: Instruction = {
      ...instruction,
      instrument: { ...instruction.instrument!, secret: { mode: 'order_code' } },
    };
    const asked = await call(order);
    expect(asked).toMatchObject({ kind: 'PENDING', nextAction: { type: 'scan_code' } });
    expect((await ask(order)).kind).toBe('PENDING');
    await alipay.simulator.control('POST', `/ams/orders/${order.instructionId}/confirm`, {});
    expect(await ask(order)).toMatchObject({ kind: 'PROCESSED', amount: order.amount });
  });
});
