import { randomBytes } from 'node:crypto';
import { Logger, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { auditOf } from '@gateway/contracts/audit.service.v1';
import type { Contract } from '@gateway/contracts/contract';
import {
  BatchStrategy,
  createTopics,
  deleteTopics,
  MessagingConfig,
  messagingMigrations,
  MessagingModule,
  OutboxTransactions,
  type FamilyMembers,
  type MessagingLimits,
  type OutboundRecord,
} from '@gateway/messaging';
import { PersistenceModule, sqlMigration, type Database } from '@gateway/persistence';
import { PlatformModule } from '@gateway/platform';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { demoAnswers, demoCommands, demoFacts, SERVICE } from './contracts';

/** Where the handlers of these tests write what they have done: one row per effect, so that a doubled effect shows. */
const effects = sqlMigration(
  1_700_000_000_900,
  'DemoEffects',
  `CREATE TABLE effect (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, instance text, key text NOT NULL, what text NOT NULL);
   COMMENT ON TABLE effect IS 'Effects of test handlers.';`,
);

/** Environment of one messaging test: own database, own topics. */
export interface Scene {
  prefix: string;
  brokers: string[];
  test: TestDatabase;
  database: Database;
  admin: Admin;
  kafka: Kafka;
  close(): Promise<void>;
}

export function kafkaBrokers(): string[] {
  const brokers = process.env['TEST_KAFKA_BROKERS'];
  if (!brokers) throw new Error('TEST_KAFKA_BROKERS is not set: these tests need a Kafka broker');
  return brokers.split(',');
}

export const DEMO_CONTRACTS: Contract[] = [demoCommands, demoFacts, demoAnswers, auditOf(SERVICE)];

export async function openScene(brokers = kafkaBrokers(), adminUrl?: string): Promise<Scene> {
  Logger.overrideLogger(process.env['TEST_LOGS'] ? ['log', 'warn', 'error', 'debug'] : false);
  const prefix = `t${randomBytes(5).toString('hex')}.`;
  const test = await createTestDatabase([...messagingMigrations, effects], adminUrl);
  await createTopics({ brokers, prefix, contracts: DEMO_CONTRACTS });
  const kafka = new Kafka({ clientId: 'test', brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const close = async (): Promise<void> => {
    await admin.disconnect();
    await deleteTopics(brokers, { prefix }).catch(() => undefined);
    await test.drop();
  };
  return { prefix, brokers, test, database: test.database, admin, kafka, close };
}

/** A running service of the test: a Nest application with messaging and the given controller. */
export interface RunningService {
  app: NestFastifyApplication;
  transactions: OutboxTransactions;
  fatal: string[];
  stop(): Promise<void>;
}

export interface ServiceOptions {
  limits?: Partial<MessagingLimits>;
  families?: readonly FamilyMembers[];
  instance?: string;
  /** Default `demo`. */
  service?: string;
}

export async function startDemo(
  scene: Pick<Scene, 'prefix' | 'brokers' | 'test'>,
  controllers: Type[],
  options: ServiceOptions = {},
): Promise<RunningService> {
  const fatal: string[] = [];
  const config = new MessagingConfig();
  config.kafkaBrokers = scene.brokers.join(',');
  config.topicPrefix = scene.prefix;
  config.instance = options.instance ?? '1';
  config.outboxKeepHours = 72;
  class DemoModule {}
  const module: DynamicModule = {
    module: DemoModule,
    imports: [
      PlatformModule,
      PersistenceModule.forService(() => ({ url: scene.test.url, applicationName: SERVICE })),
      MessagingModule.forRoot({
        service: options.service ?? SERVICE,
        config,
        families: options.families ?? [],
        ...(options.limits ? { limits: options.limits } : {}),
        onFatal: (reason) => fatal.push(reason),
      }),
    ],
    controllers,
  };
  const app = await NestFactory.create<NestFastifyApplication>(module as never, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  try {
    app.connectMicroservice({ strategy: app.get(BatchStrategy) });
    await app.startAllMicroservices();
    await app.init();
  } catch (error) {
    await app.close();
    throw error;
  }
  return { app, transactions: app.get(OutboxTransactions), fatal, stop: () => app.close() };
}

export const command = (n: number, note = 'plain', partition = n % 6): OutboundRecord => ({
  contract: demoCommands,
  data: { instruction_id: `pay_${n}-do`, payment_id: `pay_${n}`, note },
  partition,
});

export const fact = (key: number, sequence: number, note = 'plain', partition = key % 6): OutboundRecord => ({
  contract: demoFacts,
  data: { payment_id: `pay_${key}`, sequence, note },
  partition,
});

/** Publishes through the outbox, as a service does. */
export async function publish(service: RunningService, records: OutboundRecord[]): Promise<void> {
  await service.transactions.run(async () => ({ result: null, emit: { records } }));
}

/** Waits until something holds; the last thing seen is told when it never does. */
export async function until(what: string, look: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    if (await look()) return;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function effectsOf(database: Database): Promise<string[]> {
  const rows = await database.query<{ line: string }>(`SELECT key || ' ' || what AS line FROM effect ORDER BY id`);
  return rows.map(({ line }) => line);
}

export async function count(database: Database, table: string, where = 'true'): Promise<number> {
  const [row] = await database.query<{ n: bigint }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`);
  return Number(row!.n);
}

/** All records of a topic as their JSON, read from the beginning. */
export async function recordsOf(scene: Scene, topic: string): Promise<Record<string, unknown>[]> {
  const name = `${scene.prefix}${topic}`;
  const ends = await scene.admin.fetchTopicOffsets(name);
  const total = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  if (total === 0) return [];
  const found: Record<string, unknown>[] = [];
  const consumer = scene.kafka.consumer({
    groupId: `${scene.prefix}look-${randomBytes(4).toString('hex')}`,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [name], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) =>
      void found.push(JSON.parse(message.value!.toString()) as Record<string, unknown>),
  });
  try {
    await until(`${total} records of ${topic}`, async () => found.length >= total);
  } finally {
    await consumer.disconnect();
  }
  return found;
}
