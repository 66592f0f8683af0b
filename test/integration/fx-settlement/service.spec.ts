import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { auditOf } from '@gateway/contracts/audit.service.v1';
import { offerKeyEvents } from '@gateway/contracts/fx.key.events.v1';
import { rateEvents } from '@gateway/contracts/fx.rate.events.v1';
import { reservationCommands } from '@gateway/contracts/fx.reservation.commands.v1';
import { reservationEvents } from '@gateway/contracts/fx.reservation.events.v1';
import { paymentEvents } from '@gateway/contracts/payments.payment.events.v1';
import type { MoneyEffect, PaymentEvent } from '@gateway/contracts/payments.payment.events.v1';
import { BatchStrategy, createTopics, deleteTopics, OutboxTransactions } from '@gateway/messaging';
import type { OutboundRecord } from '@gateway/messaging';
import { ProblemFilter, strictValidation } from '@gateway/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type * as ServiceModule from '../../../apps/fx-settlement/src/fx-settlement.module';
import { makeOwnDatabase } from './own-database';
import type { OwnDatabase } from './own-database';

jest.setTimeout(180_000);

const PREFIX = `t${randomBytes(4).toString('hex')}.`;
const TOKEN = 'internal-token-of-a-test';
const PAYMENT = 'pay_service_test';

/** Answers like the treasury's feed and ECB's daily file. */
function startFeeds(): Promise<Server> {
  const server = createServer((request, response) => {
    const now = new Date().toISOString();
    const treasury = JSON.stringify({ pair: 'USD/CNY', mid: '7.13280000', as_of: now });
    const ecb = `<Cube><Cube time='${now.slice(0, 10)}'><Cube currency='USD' rate='1.1642'/><Cube currency='CNY' rate='8.3040'/></Cube></Cube>`;
    response.end(request.url === '/treasury/rates' ? treasury : ecb);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('The service, on PostgreSQL and Kafka', () => {
  const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
  let own: OwnDatabase;
  let feeds: Server;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    own = await makeOwnDatabase();
    feeds = await startFeeds();
    const contracts = [reservationCommands, reservationEvents, paymentEvents, rateEvents, offerKeyEvents];
    await createTopics({ brokers, prefix: PREFIX, contracts: [...contracts, auditOf('fx-settlement')] });
    Object.assign(process.env, {
      DATABASE_URL: own.url,
      KAFKA_BROKERS: brokers.join(','),
      TOPIC_PREFIX: PREFIX,
      INTERNAL_TOKEN: TOKEN,
      SEAL_KEY: randomBytes(32).toString('base64'),
      SIMULATOR_URL: `http://127.0.0.1:${(feeds.address() as AddressInfo).port}`,
      WALLET_NETWORKS: JSON.stringify([
        { id: 'applepay', currency: 'USD', accounts: { receivable: '1100', hold: '1110', float: '1250' } },
        { id: 'alipay', currency: 'CNY', accounts: { receivable: '1150', float: '1200' } },
      ]),
    });
    // The module reads its environment when it is loaded.
    const { FxSettlementModule } = jest.requireActual<typeof ServiceModule>(
      '../../../apps/fx-settlement/src/fx-settlement.module',
    );
    app = await NestFactory.create<NestFastifyApplication>(FxSettlementModule, new FastifyAdapter(), { logger: false });
    app.useGlobalFilters(new ProblemFilter());
    app.useGlobalPipes(strictValidation());
    app.connectMicroservice({ strategy: app.get(BatchStrategy, { strict: false }) });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app?.close();
    feeds?.close();
    await deleteTopics(brokers, { prefix: PREFIX });
    await own?.drop();
  });

  const call = async (
    method: 'GET' | 'POST',
    url: string,
    payload?: object,
    token = TOKEN,
  ): Promise<Record<string, unknown>> => {
    const answer = await app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${token}` },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, ...answer.json<Record<string, unknown>>() };
  };
  const until = async (what: string, met: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 60_000; !(await met());) {
      if (Date.now() > end) throw new Error(`not in time: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const publish = (...records: OutboundRecord[]): Promise<null> =>
    app.get(OutboxTransactions, { strict: false }).run(async () => ({ result: null, emit: { records } }));

  let offer: Record<string, unknown>;

  it('quotes once it has a key and a rate, and tells nobody without the token', async () => {
    const body = {
      partner_id: 'prt_demo',
      source_network: 'applepay',
      target_network: 'alipay',
      fixed_side: 'source',
      amount: { amount: '10000', currency: 'USD' },
      purpose: 'goods',
    };
    await until(
      'a firm quote',
      async () => (offer = await call('POST', '/internal/v1/quotes', body))['status'] === 201,
    );
    expect(offer['target_amount']).toEqual({ amount: '70615', currency: 'CNY' });
    expect(await call('POST', '/internal/v1/quotes', body, 'another-token-altogether')).toMatchObject({ status: 401 });
    expect(
      await call('POST', '/internal/v1/quotes', { ...body, amount: { amount: '1e400', currency: 'USD' } }),
    ).toMatchObject({
      status: 422,
      code: 'AMOUNT_INVALID',
      param: 'amount.amount',
    });
    expect(await call('POST', '/internal/v1/quotes', { ...body, more: 1 })).toMatchObject({
      status: 422,
      param: 'more',
    });
    expect((await call('GET', '/internal/v1/offer-keys'))['keys']).toHaveLength(1);
  });

  it('reserves on command and books the facts of the payment, records coming over Kafka', async () => {
    const partition = 3;
    const command = {
      instruction_id: `${PAYMENT}-reserve`,
      payment_id: PAYMENT,
      partner_id: 'prt_demo',
      operation: 'reserve',
      offer: offer['offer'] as string,
    } as const;
    await publish({ contract: reservationCommands, data: command, partition });
    const open = (): Promise<Record<string, unknown>> => call('GET', '/internal/v1/reservations?state=open');
    await until('the reservation', async () => (await open())['count'] === 1);
    expect((await open())['amounts']).toEqual([{ currency: 'CNY', amount: '71039' }]);

    const effects: MoneyEffect[] = ['hold_funded', 'credited', 'captured'];
    await publish(...effects.map((money, index) => eventOf(money, index + 1, partition)));
    const path = `/internal/v1/movements?payment=${PAYMENT}`;
    const movements = async (): Promise<{ operation: string }[]> =>
      (await call('GET', path))['movements'] as { operation: string }[];
    await until('three movements', async () => (await movements()).length === 3);
    expect((await movements()).map(({ operation }) => operation)).toEqual(['hold', 'credit', 'capture']);
    expect(await call('GET', '/internal/v1/trial-balance?verify=lines')).toMatchObject({
      balanced: true,
      accounts_off_their_lines: [],
    });
    expect((await open())['count']).toBe(0);
    const { accounts } = await call('GET', '/internal/v1/balances');
    expect(accounts).toContainEqual({
      account: '1100',
      name: 'Card network receivable',
      counterparty: 'visa',
      currency: 'USD',
      side: 'debit',
      balance: '10200',
    });
  });

  it('answered on the reservation topic and wrote its audit records, all published', async () => {
    const database = await own.connect();
    const unpublished = (): Promise<unknown[]> => database.query('SELECT topic FROM outbox WHERE published_at IS NULL');
    await until('an empty outbox', async () => (await unpublished()).length === 0);
    const topics = await database.query<{ topic: string; records: bigint }>(
      'SELECT topic, sum(record_count) AS records FROM outbox GROUP BY topic ORDER BY topic',
    );
    const counts = new Map(topics.map((row) => [row.topic.replace(PREFIX, ''), Number(row.records)]));
    expect(counts.get('fx.reservation.events.v1')).toBe(1);
    expect(counts.get('fx.key.events.v1')).toBe(1);
    expect(counts.get('fx.rate.events.v1')).toBeGreaterThanOrEqual(1);
    expect(counts.get('audit.fx-settlement.v1')).toBeGreaterThanOrEqual(3);
  });

  function eventOf(money: MoneyEffect, sequence: number, partition: number): OutboundRecord {
    const onTarget = money === 'credited';
    const data: PaymentEvent = {
      payment_id: PAYMENT,
      partner_id: 'prt_demo',
      sequence,
      incarnation: 0,
      state: 'CREDITING',
      public_status: 'processing',
      quote_id: offer['quote_id'] as string,
      purpose: 'goods',
      funding: 'hold',
      source_network: 'applepay',
      target_network: 'alipay',
      source_amount: { amount: '10200', currency: 'USD' },
      target_amount: { amount: '70615', currency: 'CNY' },
      changes: [
        {
          fact: money,
          from: 'CREDITING',
          to: 'CREDITING',
          at: new Date().toISOString(),
          instruction_id: `${PAYMENT}-${money}`,
          network: onTarget ? 'alipay' : 'applepay',
          counterparty: onTarget ? 'alipay' : 'visa',
          amount: onTarget ? { amount: '70615', currency: 'CNY' } : { amount: '10200', currency: 'USD' },
          money,
        },
      ],
    };
    return { contract: paymentEvents, data, partition, sequence, incarnation: 0 };
  }
});
