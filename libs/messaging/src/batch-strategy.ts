import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Database } from '@gateway/persistence';
import type { IdSource, Readiness } from '@gateway/platform';
import type { Consumed } from './consumes';
import type { KafkaConnection } from './kafka/kafka-connection';
import type { MessagingMetrics } from './metrics';
import type { OutboxParts } from './outbox/outbox-parts';
import { TopicsRefused } from './reading/topic-check';
import { makeReading, type Reading } from './reading/reading';
import { awaiting, readersOf, type RegisteredHandler } from './reading/readers';
import type { Fatal } from './reading/group-consumer';
import type { MessagingSettings } from './settings';

/** What the strategy is made of. */
export interface StrategyParts {
  settings: MessagingSettings;
  connection: KafkaConnection;
  database: Database;
  outbox: OutboxParts;
  metrics: MessagingMetrics;
  readiness: Readiness | null;
  ids: IdSource;
  fatal: Fatal;
}

const FIRST_TRY_MS = 8_000;
const TRY_AGAIN_MS = 1_000;

/**
 * The transport of Kafka batches for Nest: collects the methods marked `@Consumes`, reads their topics as one consumer
 * group and gives each method all that waits, inside one transaction (design S2, S3).
 */
export class BatchStrategy extends Server implements CustomTransportStrategy {
  /** Nest leaves errors of handlers to us instead of logging and dropping them. */
  override readonly propagatesEventHandlerErrors = true;
  private reading: Reading | null = null;
  private closed = false;

  constructor(private readonly parts: StrategyParts) {
    super();
  }

  /**
   * Starts to read. A broker that is away is waited for in the background, so that the edge can serve meanwhile; topics
   * that are not as their contracts say refuse the start.
   */
  listen(callback: (error?: unknown) => void): void {
    this.begin().then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.reading?.stop();
  }

  on(): void {
    throw new Error('events of the consumer are told by metrics and the log');
  }

  unwrap<T>(): T {
    return this.reading as T;
  }

  private async begin(): Promise<void> {
    const readers = readersOf(this.collectHandlers(), this.parts.settings.families);
    const reading = makeReading(this.parts, readers);
    this.reading = reading;
    if (await reading.tryStart(FIRST_TRY_MS)) return;
    void this.keepTrying(reading);
  }

  private async keepTrying(reading: Reading): Promise<void> {
    try {
      while (!this.closed && !(await reading.tryStart(TRY_AGAIN_MS))) continue;
    } catch (error) {
      this.parts.fatal(error instanceof TopicsRefused ? error.message : `reading does not start: ${String(error)}`);
    }
  }

  private collectHandlers(): { consumed: Consumed; handle: ReturnType<typeof awaiting> }[] {
    return [...this.getHandlers().values()].flatMap((handler) => {
      const consumed = handler.extras?.['consumed'] as Consumed | undefined;
      return consumed ? [{ consumed, handle: awaiting(handler as RegisteredHandler) }] : [];
    });
  }
}
