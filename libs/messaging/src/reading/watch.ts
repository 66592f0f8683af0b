import { Logger } from '@nestjs/common';
import type { Database } from '@gateway/persistence';
import type { KafkaConnection } from '../kafka/kafka-connection';
import type { MessagingMetrics } from '../metrics';
import type { OutboxTable } from '../outbox/outbox-table';
import type { MessagingSettings } from '../settings';
import type { Fatal, GroupConsumer } from './group-consumer';
import type { ParkedTable } from './parked-table';
import type { Positions } from './positions';

/** What the watch looks at. `consumer` is absent in a service that reads nothing. */
export interface WatchParts {
  settings: MessagingSettings;
  connection: KafkaConnection;
  database: Database;
  outbox: OutboxTable;
  parked: ParkedTable;
  positions: Positions;
  consumer: GroupConsumer | null;
  metrics: MessagingMetrics;
  fatal: Fatal;
}

const MEASURE_EVERY_ROUNDS = 3;
/** So many intervals without a look are a gap in what is known of the broker. */
const LOOKS_MISSED = 2;

/**
 * Looks every few seconds whether this process is still of use (design S9): a new cluster id, or a consumer that has
 * gone deaf while the broker answers, end it, and the supervisor starts it again. Measures lag, outbox and parked.
 */
export class Watch {
  private readonly logger = new Logger('watch');
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private clusterId: string | null = null;
  private rounds = 0;
  /** Null while the broker answers, else since when it does not. */
  brokerAwaySince: number | null = null;
  /** Monotonic time since when the broker has answered every look: a broker that is away makes no consumer deaf. */
  private answeringSince = 0;
  /** Monotonic time of its last answer. A look that hangs is none, and what was not looked at is not known. */
  private answeredAt = 0;

  constructor(private readonly parts: WatchParts) {}

  start(clusterId: string | null): void {
    this.clusterId = clusterId;
    // Before this the process may have waited for its broker.
    this.answeringSince = this.answeredAt = performance.now();
    this.timer = setInterval(() => void (this.looking ??= this.look()), this.parts.settings.limits.watchEveryMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      await this.lookAtBroker();
      if (this.rounds++ % MEASURE_EVERY_ROUNDS === 0) await this.measure();
    } catch (error) {
      this.logger.debug({ event: 'watch_failed', error: (error as Error).message });
    } finally {
      this.looking = null;
    }
  }

  private async lookAtBroker(): Promise<void> {
    const { connection, consumer, settings, metrics } = this.parts;
    const clusterId = await connection.clusterId().catch(() => null);
    if (clusterId === null) {
      this.brokerAwaySince ??= Date.now();
      return;
    }
    this.noteAnswer(performance.now());
    this.clusterId ??= clusterId;
    if (clusterId !== this.clusterId) this.parts.fatal('the broker is another cluster');
    if (!consumer) return;
    const now = performance.now();
    metrics.lastPollAge.set((now - consumer.lastEventAt) / 1000);
    const deafMs = now - Math.max(consumer.lastEventAt, this.answeringSince);
    if (deafMs > settings.limits.deafAfterMs) this.parts.fatal('the consumer has gone deaf');
    await consumer.resumeMoved();
    await consumer.reportPositions();
  }

  private noteAnswer(now: number): void {
    const unseenMs = now - this.answeredAt;
    if (this.brokerAwaySince !== null || unseenMs > LOOKS_MISSED * this.parts.settings.limits.watchEveryMs)
      this.answeringSince = now;
    this.brokerAwaySince = null;
    this.answeredAt = now;
  }

  private async measure(): Promise<void> {
    const { outbox, parked, database, metrics, settings } = this.parts;
    const depth = await outbox.depth();
    metrics.outboxRows.set(depth.rows);
    metrics.outboxAge.set(depth.oldestAgeS);
    const counts = await parked.counts(database, settings.limits.gapAlarmMs);
    for (const kind of ['failed', 'gap', 'behind'] as const) metrics.parked.set({ kind }, counts[kind]);
    metrics.parkedPerson.set(counts.needsPerson);
    metrics.gapsOverdue.set(counts.gapsOverdue);
    if (counts.gapsOverdue > 0) this.logger.error({ event: 'gaps_overdue', count: counts.gapsOverdue });
    await this.measureLag();
  }

  private async measureLag(): Promise<void> {
    const { positions, connection, settings, metrics } = this.parts;
    const held = positions.all();
    for (const topic of new Set(held.map((one) => one.topic))) {
      const ranges = await connection.logRanges(settings.physical(topic));
      const mine = held.filter((one) => one.topic === topic);
      const lag = mine.reduce((sum, one) => sum + Math.max(0, (ranges.get(one.partition)?.high ?? 0) - one.held), 0);
      metrics.lagRecords.set({ topic }, lag);
      const waitingSince = Math.min(...mine.map((one) => positions.behindSince(one)));
      metrics.lagSeconds.set(
        { topic },
        lag === 0 || waitingSince === Infinity ? 0 : (Date.now() - waitingSince) / 1000,
      );
    }
  }
}
