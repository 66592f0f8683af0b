import { randomBytes, randomUUID } from 'node:crypto';
import { Controller, Logger, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { auditOf } from '@gateway/contracts/audit.service.v1';
import { walletCommands, type WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import { walletEvents, type WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import {
  BatchStrategy,
  Consumes,
  createTopics,
  deleteTopics,
  isOf,
  MessagingConfig,
  messagingMigrations,
  MessagingModule,
  NOTHING,
  OutboxTransactions,
  type Emitted,
  type InboundRecord,
} from '@gateway/messaging';
import { PersistenceModule } from '@gateway/persistence';
import { PlatformModule, ProblemFilter } from '@gateway/platform';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import {
  inProcessClasses,
  signInProcess,
  walletMigrations,
  WalletNetworkModule,
  WalletRuntimeConfig,
} from '@gateway/wallet-network';
import { CARD } from './support/runtime-harness';

jest.setTimeout(180_000);

const SERVICE = 'inproc-wallet';
const COMMANDS = walletCommands(CARD.id);
const EVENTS = walletEvents(CARD.id, SERVICE);
const TOKEN = 'internal-token-of-the-test';
const told: WalletOutcome[] = [];

@Controller()
class Routing {
  @Consumes(EVENTS)
  async hear(records: InboundRecord[]): Promise<Emitted> {
    for (const record of records) if (isOf(record, EVENTS)) told.push(record.data);
    return NOTHING;
  }
}

describe('a wallet service on PostgreSQL and Kafka', () => {
  const prefix = `t${randomBytes(5).toString('hex')}.`;
  const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
  const databases: TestDatabase[] = [];
  let routing: NestFastifyApplication;
  let wallet: NestFastifyApplication;

  beforeAll(async () => {
    if (brokers[0] === '') throw new Error('TEST_KAFKA_BROKERS is not set: this test needs a Kafka broker');
    Logger.overrideLogger(false);
    await createTopics({ brokers, prefix, contracts: [COMMANDS, EVENTS, auditOf(SERVICE), auditOf('routing')] });
    databases.push(await createTestDatabase(messagingMigrations));
    databases.push(await createTestDatabase([...messagingMigrations, ...walletMigrations]));
    routing = await start('routing', databases[0]!.url, [], [Routing]);
    wallet = await start(SERVICE, databases[1]!.url, [walletModule(databases[1]!.url)], []);
  });
  afterAll(async () => {
    await wallet?.close();
    await routing?.close();
    await deleteTopics(brokers, { prefix }).catch(() => undefined);
    for (const database of databases) await database.drop();
  });

  async function start(
    service: string,
    url: string,
    imports: DynamicModule[],
    controllers: Type[],
  ): Promise<NestFastifyApplication> {
    const config = Object.assign(new MessagingConfig(), {
      kafkaBrokers: brokers.join(','),
      topicPrefix: prefix,
      instance: '1',
      outboxKeepHours: 72,
    });
    class Service {}
    const module: DynamicModule = {
      module: Service,
      imports: [
        PlatformModule,
        PersistenceModule.forService(() => ({ url, applicationName: service })),
        MessagingModule.forRoot({ service, config }),
        ...imports,
      ],
      controllers,
    };
    const app = await NestFactory.create<NestFastifyApplication>(module as never, new FastifyAdapter(), {
      logger: false,
      abortOnError: false,
      rawBody: true,
    });
    app.useGlobalFilters(new ProblemFilter());
    app.connectMicroservice({ strategy: app.get(BatchStrategy, { strict: false }) });
    await app.startAllMicroservices();
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return app;
  }

  function walletModule(databaseUrl: string): DynamicModule {
    const config = Object.assign(new WalletRuntimeConfig(), {
      databaseUrl,
      internalToken: TOKEN,
      sealKey: Buffer.alloc(32, 3).toString('base64'),
      enquiryProfile: 'short',
      callsInFlight: 64,
    });
    return WalletNetworkModule.forNetwork({ service: SERVICE, id: CARD.id, ...inProcessClasses(CARD), config });
  }

  async function takeIn(
    data: Record<string, unknown>,
    authorization = `Bearer ${TOKEN}`,
    requestKey: string = randomUUID(),
  ): Promise<[number, Record<string, string>]> {
    const answer = await wallet.inject({
      method: 'POST',
      url: '/internal/v1/instruments',
      headers: { authorization },
      payload: { partner_id: 'prt_test', request_key: requestKey, use: 'pay', data },
    });
    return [answer.statusCode, JSON.parse(answer.body) as Record<string, string>];
  }

  async function send(commands: WalletCommand[]): Promise<void> {
    const records = commands.map((data) => ({ contract: COMMANDS, data, partition: 2 }));
    const transactions = routing.get(OutboxTransactions, { strict: false });
    await transactions.run(async () => ({ result: null, emit: { records } }));
  }

  async function outcomeOf(id: string): Promise<WalletOutcome> {
    for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 25))) {
      const last = told.filter(({ instruction_id }) => instruction_id === id).at(-1);
      if (last && last.outcome !== 'UNKNOWN' && last.outcome !== 'PENDING') return last;
    }
    throw new Error(`nothing final was told of ${id}`);
  }

  function hold(paymentId: string, instrumentId: string, amount = '10200'): WalletCommand {
    return {
      instruction_id: `${paymentId}-hold`,
      payment_id: paymentId,
      partner_id: 'prt_test',
      operation: 'hold',
      amount: { amount, currency: 'USD' },
      instrument_id: instrumentId,
      purpose: 'goods',
      bop_code: '121010',
    };
  }

  it('takes an instrument in, holds on it by a command from the topic, and tells the outcome on its own', async () => {
    const [status, instrument] = await takeIn({ account: 'card-1' });
    expect([status, instrument.instrument_id?.slice(0, 4)]).toEqual([201, 'ins_']);
    await send([hold('pay_1', instrument.instrument_id!), hold('pay_2', instrument.instrument_id!, '1901')]);
    expect(await outcomeOf('pay_1-hold')).toMatchObject({ outcome: 'PROCESSED', version: 1, network: CARD.id });
    expect(await outcomeOf('pay_2-hold')).toMatchObject({ outcome: 'DECLINED', reason: 'INSUFFICIENT_FUNDS' });
  });

  it('answers a request that comes again with the instrument that it made, at once or at the same time', async () => {
    const request = randomUUID();
    const ask = (): ReturnType<typeof takeIn> =>
      takeIn({ account: 'one-time-1', single_use: true }, undefined, request);
    const answers = [await ask(), ...(await Promise.all([ask(), ask(), ask()]))];
    for (const answer of answers) expect(answer).toEqual([201, answers[0]![1]]);
    const twins = await Promise.all(
      [1, 2, 3].map(() => takeIn({ account: 'one-time-2', single_use: true }, undefined, 'twin-request-key')),
    );
    expect(new Set(twins.map(([, { instrument_id }]) => instrument_id)).size).toBe(1);
  });

  it('a release that comes before its hold refuses the hold, and nothing is called', async () => {
    const [, instrument] = await takeIn({ account: 'card-early' });
    const early = hold('pay_9', instrument.instrument_id!);
    const { instrument_id: _, ...rest } = early;
    await send([
      { ...rest, instruction_id: 'pay_9-release', operation: 'release', target_instruction_id: early.instruction_id },
    ]);
    await send([early]);
    expect(await outcomeOf('pay_9-hold')).toMatchObject({ outcome: 'NOT_SUBMITTED', reason: 'RELEASED_BEFORE_START' });
    expect(await outcomeOf('pay_9-release')).toMatchObject({ outcome: 'PROCESSED', amount: { amount: '0' } });
  });

  it('keeps the raw value sealed', async () => {
    await takeIn({ account: 'card-in-the-clear' });
    const [row] = await databases[1]!.database.query<{ text: string }>(
      `SELECT string_agg(instrument::text || encode(sealed_secret, 'escape'), '') AS text FROM instrument`,
    );
    expect(row!.text).not.toContain('card-in-the-clear');
  });

  it('refuses a one-time value taken in before, a wrong value by name, and callers without the token', async () => {
    expect((await takeIn({ account: 'once', single_use: true }))[0]).toBe(201);
    expect(await takeIn({ account: 'once', single_use: true })).toEqual([
      409,
      expect.objectContaining({ code: 'DUPLICATE_TOKEN' }),
    ]);
    expect(await takeIn({})).toEqual([422, expect.objectContaining({ code: 'INVALID_INSTRUMENT' })]);
    expect((await takeIn({ account: 'a' }, 'Bearer wrong'))[0]).toBe(401);
  });

  async function notify(body: object, signature?: string): Promise<[number, string]> {
    const payload = JSON.stringify(body);
    const answer = await wallet.inject({
      method: 'POST',
      url: '/notifications/inproc?x=1',
      headers: { 'content-type': 'application/json', 'x-signature': signature ?? signInProcess(payload) },
      payload,
    });
    return [answer.statusCode, answer.body];
  }

  it('answers a bad notification signature 401 and keeps its hash alone', async () => {
    const [status, body] = await notify({ notification_id: 'bad', instruction_id: 'pay_1-hold' }, 'forged');
    expect(status).toBe(401);
    expect(body).not.toContain('pay_1');
    const rows = await databases[1]!.database.query(`SELECT instruction_id FROM notification WHERE NOT accepted`);
    expect(rows).toEqual([{ instruction_id: null }]);
  });

  it('stores and acknowledges a notification about an unknown id, once', async () => {
    for (let time = 0; time < 8; time++) {
      expect(await notify({ notification_id: 'n-1', instruction_id: 'nobody' })).toEqual([200, 'success']);
    }
    const rows = await databases[1]!.database.query(`SELECT 1 FROM notification WHERE notification_key = 'id:n-1'`);
    expect(rows).toHaveLength(1);
  });

  it('a notification brings the one open enquiry forward, and does nothing else', async () => {
    const [, instrument] = await takeIn({ account: 'card-2' });
    await send([hold('pay_3', instrument.instrument_id!, '1908')]);
    const { database } = databases[1]!;
    const row = async (): Promise<{ state: string; due: Date } | undefined> =>
      (
        await database.query<{ state: string; due: Date }>(
          `SELECT state, due FROM instruction WHERE payment_id = 'pay_3'`,
        )
      )[0];
    while ((await row())?.state !== 'PENDING') await new Promise((resolve) => setTimeout(resolve, 25));
    await database.query(`UPDATE instruction SET due = clock_now() + interval '1 hour' WHERE payment_id = 'pay_3'`);
    await notify({ notification_id: 'n-2', instruction_id: 'pay_3-hold' });
    // Brought forward, and if it has been asked by now, by its own plan again: not in an hour.
    expect((await row())!.due.getTime()).toBeLessThan(Date.now() + 30 * 60_000);
    expect((await row())!.state).toBe('PENDING');
  });
});
