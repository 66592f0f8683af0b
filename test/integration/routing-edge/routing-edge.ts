import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OutboxTransactions, type Emitted, type Worked } from '@gateway/messaging';
import { Database, type Tx } from '@gateway/persistence';
import {
  createHttpAdapter,
  IdSource,
  PlatformModule,
  ProblemFilter,
  SystemClock,
  SystemRandom,
} from '@gateway/platform';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { EdgeModule } from '../../../apps/routing/src/edge/edge.module';
import { configureHttp } from '../../../apps/routing/src/inbound/http/configure-http';
import { migrations } from '../../../apps/routing/src/migrations';
import { mintDemoPeople, provisionPartner, type DemoPeople } from '../../../apps/routing/src/provision';

/** What the edge of routing answered. */
export interface Reply {
  status: number;
  headers: Record<string, string | undefined>;
  body: Record<string, unknown>;
  text: string;
}

/** Parts of an offer that a test changes. */
export type OfferChanges = Partial<Record<string, unknown>>;

const KID = 'offer-test';
const ids = new IdSource(new SystemClock(), new SystemRandom());

/** What a neighbour makes of a request. `silence`: it never answers. `hang_up`: it ends before it has answered. */
type NeighbourAnswer = { status: number; body: object } | 'silence' | 'hang_up';

/** The neighbours of the edge, on one port: what they are asked, and what they answer. */
class Neighbours {
  readonly asked: { path: string; body: Record<string, unknown> }[] = [];
  answerWith: ((path: string) => NeighbourAnswer | null) | null = null;
  /** Names of the key that signs offers, as fx-settlement has published it; null while it does not answer. */
  offerKeys: string[] | null = [KID];
  /** Until then no answer is given to what is asked. */
  hold: Promise<void> | null = null;
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(publicKey: KeyObject): Promise<Neighbours> {
    const state: { me?: Neighbours } = {};
    const server = createServer((request, reply) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        void state.me!.answer(request.url ?? '', text, publicKey).then((answer) => {
          if (answer === 'hang_up') request.socket.destroy();
          if (typeof answer === 'string') return;
          reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    state.me = new Neighbours(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return state.me;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(path: string, text: string, publicKey: KeyObject): Promise<NeighbourAnswer> {
    if (path.endsWith('/offer-keys')) {
      if (this.offerKeys === null) return { status: 500, body: {} };
      const { x } = publicKey.export({ format: 'jwk' });
      const times = { signs_from: '2020-01-01T00:00:00.000Z', valid_until: '2099-01-01T00:00:00.000Z' };
      return { status: 200, body: { keys: this.offerKeys.map((kid) => ({ kid, x, ...times })) } };
    }
    this.asked.push({ path, body: JSON.parse(text === '' ? '{}' : text) as Record<string, unknown> });
    await this.hold;
    const special = this.answerWith?.(path);
    if (special) return special;
    if (path.endsWith('/parties')) return { status: 201, body: { party_id: ids.next('pty') } };
    const capabilities = { use: 'pay', network: 'applepay', currency: 'USD', funding: { goods: 'hold' } };
    return { status: 201, body: { instrument_id: ids.next('ins'), capabilities, label: 'Visa •••• 1234' } };
  }
}

/** Transactions as the real ones run them; what would be published is kept for the test. */
class KeptTransactions extends OutboxTransactions {
  readonly emitted: Emitted[] = [];
  constructor(private readonly database: Database) {
    super();
  }
  async run<T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T> {
    const { result, emit } = await this.database.transaction(work);
    this.emitted.push(emit);
    return result;
  }
}

/** The edge of routing over HTTP on a database of its own; Kafka and the neighbours are stood in for. */
export class RoutingEdge {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly test: TestDatabase,
    /** The neighbours' instances: all of the first one are on one port, all of the second one on another. */
    private readonly instances: readonly Neighbours[],
    readonly transactions: KeptTransactions,
    readonly people: DemoPeople,
    private readonly privateKey: KeyObject,
    readonly routes: { method: string; url: string }[],
    private readonly folder: string,
  ) {}

  static readonly KEY = `sk_test_key1_${'a'.repeat(43)}`;
  static readonly OTHER_KEY = `sk_test_key2_${'b'.repeat(43)}`;

  get neighbours(): Neighbours {
    return this.instances[0]!;
  }

  /** The second instances of the neighbours, where there are such. */
  get twins(): Neighbours {
    return this.instances[1]!;
  }

  static async open({ instances: count = 1 } = {}): Promise<RoutingEdge> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const instances = await Promise.all(Array.from({ length: count }, () => Neighbours.open(publicKey)));
    const people = await mintDemoPeople();
    const folder = mkdtempSync(path.join(tmpdir(), 'routing-edge-'));
    const jwksFile = path.join(folder, 'jwks.json');
    writeFileSync(jwksFile, JSON.stringify(people.jwks));
    setEnvironment(instances.map(({ url }) => url).join(','), people.issuer, jwksFile);
    const test = await createTestDatabase(migrations);
    await provisionPartner(test.database, { partnerId: 'prt_a', name: 'A', key: RoutingEdge.KEY });
    await provisionPartner(test.database, { partnerId: 'prt_b', name: 'B', key: RoutingEdge.OTHER_KEY });
    const transactions = new KeptTransactions(test.database);
    const routes: { method: string; url: string }[] = [];
    const app = await startApp(test.database, transactions, routes);
    return new RoutingEdge(app, test, instances, transactions, people, privateKey, routes, folder);
  }

  async close(): Promise<void> {
    await this.app.close();
    await Promise.all(this.instances.map((instance) => instance.close()));
    await this.test.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async send(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: object | string,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const json = payload === undefined ? {} : { 'content-type': 'application/json' };
    const response = await this.app.inject({
      method,
      url,
      ...(payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
      headers: { authorization: `Bearer ${RoutingEdge.KEY}`, ...json, ...headers },
    });
    const body = response.body.startsWith('{') ? (JSON.parse(response.body) as Record<string, unknown>) : {};
    return {
      status: response.statusCode,
      headers: response.headers as Record<string, string | undefined>,
      body,
      text: response.body,
    };
  }

  /** Where a busy machine makes the edge say so, the request is repeated under its key, as partners are told to. */
  async post(url: string, payload: object | string, key: string = ids.next('key')): Promise<Reply> {
    const ask = (): Promise<Reply> => this.send('POST', url, payload, { 'idempotency-key': key });
    let reply = await ask();
    for (let repeats = 0; reply.body.code === 'TEMPORARILY_UNAVAILABLE' && repeats < 5; repeats++) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      reply = await ask();
    }
    return reply;
  }

  /** A body for POST /v1/payments with a fresh quote, fresh instruments and registered parties. */
  async payable(changes: OfferChanges = {}, source: object = {}, target: object = {}): Promise<Record<string, string>> {
    const body = {
      offer: this.offer(changes),
      source_instrument: ids.next('ins'),
      target_instrument: ids.next('ins'),
      payer: ids.next('pty'),
      payee: ids.next('pty'),
      bop_code: '121010',
    };
    const limits = { minimum_minor: '1', maximum_minor: '10000000', hold_margin_ms: 86_400_000, pending_ms: 60_000 };
    const pay = { currency: 'USD', funding: { goods: 'hold' }, single_use: true, scheme: 'visa', ...limits, ...source };
    const bePaid = {
      currency: 'CNY',
      credit: { goods: true },
      single_use: false,
      scheme: 'alipay',
      ...limits,
      ...target,
    };
    await this.test.database.query(
      `INSERT INTO instrument (instrument_id, partner_id, network, use, capabilities, label)
       VALUES ($1, 'prt_a', 'applepay', 'pay', $2, ''), ($3, 'prt_a', 'alipay', 'be_paid', $4, '')`,
      [body.source_instrument, JSON.stringify(pay), body.target_instrument, JSON.stringify(bePaid)],
    );
    await this.test.database.query(
      `INSERT INTO party (party_id, partner_id, role) VALUES ($1, 'prt_a', 'payer'), ($2, 'prt_a', 'payee')`,
      [body.payer, body.payee],
    );
    return body;
  }

  /** A signed offer: USD 100.00 and 2.00 of fee for CNY 706.15. */
  offer(changes: OfferChanges = {}, header: object = { alg: 'EdDSA', kid: KID }): string {
    const claims = {
      iss: 'fx-settlement',
      quote_id: ids.next('qte'),
      partner_id: 'prt_a',
      source_network: 'applepay',
      target_network: 'alipay',
      purpose: 'goods',
      fixed_side: 'source',
      source_amount: { amount: '10000', currency: 'USD' },
      fee: { amount: '200', currency: 'USD' },
      total_source_amount: { amount: '10200', currency: 'USD' },
      target_amount: { amount: '70615', currency: 'CNY' },
      mid: '7.13280000',
      customer_rate: '7.06150000',
      refund_rule: 'R1',
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 60,
      ...changes,
    };
    const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${text}.${sign(null, Buffer.from(text), this.privateKey).toString('base64url')}`;
  }

  async count(table: string): Promise<number> {
    const [row] = await this.test.database.query<{ n: bigint }>(`SELECT count(*) AS n FROM ${table}`);
    return Number(row!.n);
  }
}

function setEnvironment(neighbours: string, issuer: string, jwks: string): void {
  const network = { service: 'wallet', url: neighbours, accounts: {} };
  Object.assign(process.env, {
    DATABASE_URL: 'not read',
    INTERNAL_TOKEN: 'an internal token of tests',
    SEAL_KEY: Buffer.alloc(32, 7).toString('base64'),
    FX_URL: neighbours,
    COMPLIANCE_URL: neighbours,
    WALLET_NETWORKS: JSON.stringify([
      { id: 'applepay', country: 'US', currency: 'USD', ...network },
      { id: 'alipay', country: 'CN', currency: 'CNY', ...network },
    ]),
    ENQUIRY_PROFILE: 'short',
    ALLOW_LOOPBACK_WEBHOOKS: '1',
    OPERATOR_ISSUER: issuer,
    OPERATOR_JWKS: jwks,
  });
}

async function startApp(
  database: Database,
  transactions: OutboxTransactions,
  routes: { method: string; url: string }[],
): Promise<NestFastifyApplication> {
  @Global()
  @Module({
    providers: [
      { provide: Database, useValue: database },
      { provide: OutboxTransactions, useValue: transactions },
    ],
    exports: [Database, OutboxTransactions],
  })
  class StandIns {}
  @Module({ imports: [PlatformModule, StandIns, EdgeModule] })
  class Edge {}
  const adapter = createHttpAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(Edge, adapter, {
    rawBody: true,
    logger: ['error'],
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
  configureHttp(app);
  await app.init();
  await adapter.getInstance().ready();
  return app;
}
