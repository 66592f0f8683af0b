import { randomBytes } from 'node:crypto';
import { Controller, type Type } from '@nestjs/common';
import { auditOf } from '@gateway/contracts/audit.service.v1';
import { reservationCommands, type ReservationCommand } from '@gateway/contracts/fx.reservation.commands.v1';
import { reservationEvents } from '@gateway/contracts/fx.reservation.events.v1';
import { Consumes, createTopics, deleteTopics, type Emitted, type InboundRecord } from '@gateway/messaging';
import type { Database, Tx } from '@gateway/persistence';
import type { TestDatabase } from '@gateway-testing/persistence';
import { kafkaBrokers, publish, startDemo, until, type RunningService } from '../messaging/support';
import { BooksInstance } from './books-instance';
import { makeOwnDatabase, type OwnDatabase } from './own-database';
import { makePayments, release, reserve, type TestPayment } from './payment-records';

jest.setTimeout(120_000);

const SERVICE = 'fx-settlement';
const PAYOUT = 70_615n + 424n;

/** The service's consumer on one instance, counting what it was given. */
function consumerOf(books: BooksInstance, taken: number[]): Type {
  @Controller()
  class Consumer {
    @Consumes(reservationCommands)
    onCommands(records: InboundRecord[], tx: Tx): Promise<Emitted> {
      taken.push(records.length);
      return books.handle(records, tx);
    }
  }
  return Consumer;
}

describe('two instances on one limit, on PostgreSQL and Kafka', () => {
  const brokers = kafkaBrokers();
  const prefix = `t${randomBytes(4).toString('hex')}.`;
  const taken: [number[], number[]] = [[], []];
  const services: RunningService[] = [];
  let own: OwnDatabase;
  let database: Database;

  beforeAll(async () => {
    own = await makeOwnDatabase();
    database = await own.connect();
    await createTopics({ brokers, prefix, contracts: [reservationCommands, reservationEvents, auditOf(SERVICE)] });
    const scene = { prefix, brokers, test: { url: own.url } as TestDatabase };
    for (const [index, batches] of taken.entries()) {
      const consumer = consumerOf(new BooksInstance(await own.connect()), batches);
      services.push(await startDemo(scene, [consumer], { service: SERVICE, instance: String(index + 1) }));
    }
  });
  afterAll(async () => {
    for (const service of services) await service.stop();
    await deleteTopics(brokers, { prefix }).catch(() => undefined);
    await own?.drop();
  });

  const send = (payments: readonly TestPayment[], recordOf: (payment: TestPayment) => InboundRecord): Promise<void> =>
    publish(
      services[0]!,
      payments.map((payment) => {
        const data = recordOf(payment).data as ReservationCommand;
        return { contract: reservationCommands, data, partition: payment.partition };
      }),
    );
  const countOf = async (state: string): Promise<number> => {
    const [row] = await database.query<{ count: bigint }>('SELECT count(*) FROM reservation WHERE state = $1', [state]);
    return Number(row!.count);
  };
  const reserved = async (): Promise<bigint> => {
    const [row] = await database.query<{ reserved: bigint }>(
      `SELECT reserved FROM spending_limit WHERE kind = 'float' AND subject = 'alipay' AND currency = 'CNY'`,
    );
    return row?.reserved ?? 0n;
  };

  it('exactly the allowed number pass, and what is given back is free again', async () => {
    const payments = await makePayments(database, 'two', 300);
    await database.query(
      `INSERT INTO spending_limit (kind, subject, currency, ceiling) VALUES ('float', 'alipay', 'CNY', $1)`,
      [PAYOUT * 137n + PAYOUT - 1n],
    );
    const parts = Array.from({ length: 30 }, (_, part) => payments.slice(part * 10, part * 10 + 10));
    for (const part of parts) await send(part, (payment) => reserve(payment));
    await until(
      'every command is answered',
      async () => (await countOf('GRANTED')) + (await countOf('REFUSED')) === 300,
    );
    expect([await countOf('GRANTED'), await countOf('REFUSED')]).toEqual([137, 163]);
    expect(await reserved()).toBe(PAYOUT * 137n);
    for (const batches of taken) expect(batches.length).toBeGreaterThan(0);

    for (const part of parts) await send(part, release);
    await until('everything is given back', async () => (await reserved()) === 0n);
    expect(await countOf('GRANTED')).toBe(0);
  });
});
