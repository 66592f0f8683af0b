import { randomBytes } from 'node:crypto';
import {
  Global,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { IdSource, Readiness, readConfig } from '@gateway/platform';
import { BatchStrategy } from './batch-strategy';
import { KafkaConnection } from './kafka/kafka-connection';
import { MessagingConfig } from './messaging.config';
import { MessagingMetrics } from './metrics';
import { makeOutbox, type OutboxParts } from './outbox/outbox-parts';
import { OutboxTransactions } from './outbox-transactions';
import type { Fatal } from './reading/group-consumer';
import { DEFAULT_LIMITS, MessagingSettings, type FamilyMembers, type MessagingLimits } from './settings';

/** What a service tells messaging about itself. */
export interface MessagingOptions {
  /** The consumer group, and the writer of `audit.<service>.v1`. */
  service: string;
  /** Members of the topic families that handlers name: `[[walletEvents, ['applepay', 'alipay']]]`. */
  families?: readonly FamilyMembers[];
  /** Read from the environment where it is not given. */
  config?: MessagingConfig;
  /** Other times and sizes, for tests. */
  limits?: Partial<MessagingLimits>;
  /** What to do when only a new start helps. Default: log it and exit, the supervisor starts the process again. */
  onFatal?: Fatal;
}

const OUTBOX = Symbol('outbox parts');
const FATAL = Symbol('fatal');
const OWNER_BYTES = 6;

/** Lets the module's class be injected with the parts, which are plain data. */
class OutboxHolder {
  constructor(readonly parts: OutboxParts) {}
}

/**
 * Gives a service `BatchStrategy` (hand it to `startService`) and `OutboxTransactions`. Needs `Database`
 * (`PersistenceModule`) and `IdSource`, `Readiness` (`PlatformModule`) from global modules.
 */
@Global()
@Module({})
export class MessagingModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly settings: MessagingSettings,
    private readonly connection: KafkaConnection,
    private readonly holder: OutboxHolder,
  ) {}

  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      providers: [
        { provide: MessagingSettings, useFactory: () => settingsOf(options) },
        { provide: FATAL, useValue: options.onFatal ?? exit },
        {
          provide: KafkaConnection,
          useFactory: (settings: MessagingSettings) => new KafkaConnection(settings),
          inject: [MessagingSettings],
        },
        MessagingMetrics,
        {
          provide: OUTBOX,
          useFactory: makeOutbox,
          inject: [MessagingSettings, KafkaConnection, Database, MessagingMetrics, IdSource],
        },
        { provide: OutboxHolder, useFactory: (parts: OutboxParts) => new OutboxHolder(parts), inject: [OUTBOX] },
        {
          provide: OutboxTransactions,
          useFactory: (parts: OutboxParts): OutboxTransactions => parts.transactions,
          inject: [OUTBOX],
        },
        {
          provide: BatchStrategy,
          useFactory: makeStrategy,
          inject: [
            MessagingSettings,
            KafkaConnection,
            Database,
            OUTBOX,
            MessagingMetrics,
            { token: Readiness, optional: true },
            IdSource,
            FATAL,
          ],
        },
      ],
      exports: [BatchStrategy, OutboxTransactions, MessagingSettings],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.holder.parts.publishing.start();
  }

  /** After HTTP has drained and the consumer has left its group: what is committed still goes out, 3 s at most. */
  async onApplicationShutdown(): Promise<void> {
    await this.holder.parts.publishing.stop();
    await this.connection.close();
    new Logger('messaging').log({ event: 'stopped', owner: this.settings.owner });
  }
}

function settingsOf(options: MessagingOptions): MessagingSettings {
  const config = options.config ?? readConfig(MessagingConfig);
  const owner = `${options.service}-${config.instance}-${randomBytes(OWNER_BYTES).toString('hex')}`;
  const brokers = config.kafkaBrokers.split(',').map((broker) => broker.trim());
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return new MessagingSettings(
    options.service,
    brokers,
    config.topicPrefix,
    owner,
    options.families ?? [],
    limits,
    config.outboxKeepHours,
  );
}

function makeStrategy(
  settings: MessagingSettings,
  connection: KafkaConnection,
  database: Database,
  outbox: OutboxParts,
  metrics: MessagingMetrics,
  readiness: Readiness | undefined,
  ids: IdSource,
  fatal: Fatal,
): BatchStrategy {
  readiness?.register('database', async () => {
    await database.query('SELECT 1', [], 'ready');
    return null;
  });
  return new BatchStrategy({
    settings,
    connection,
    database,
    outbox,
    metrics,
    readiness: readiness ?? null,
    ids,
    fatal,
  });
}

function exit(reason: string): void {
  new Logger('messaging').error({ event: 'process_ends', reason });
  // The log line is written before the process ends.
  setImmediate(() => process.exit(1));
}
