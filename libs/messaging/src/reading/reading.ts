import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { StrategyParts } from '../batch-strategy';
import { AdmissionDesk } from './admission';
import { BatchJoiner } from './batch-joiner';
import { BatchRunner } from './batch-runner';
import { BatchTransaction } from './batch-transaction';
import { GroupConsumer } from './group-consumer';
import { HistoryPositions } from './history';
import { ParkedTable } from './parked-table';
import { ParkedWorker } from './parked-worker';
import { Positions } from './positions';
import type { TopicReader } from './readers';
import { Sorter } from './sorter';
import { checkTopics, TopicsRefused } from './topic-check';
import { Watch } from './watch';

/** How long stopping waits for a start under way. */
const STOP_PATIENCE_MS = 2_000;

/** The reading half of messaging, put together once per process. */
export class Reading {
  private readonly logger = new Logger('reading');
  private started: Promise<boolean> | null = null;
  private running = false;
  private stopped = false;

  constructor(
    private readonly parts: StrategyParts,
    private readonly readers: ReadonlyMap<string, TopicReader>,
    private readonly consumer: GroupConsumer,
    private readonly runner: BatchRunner,
    private readonly worker: ParkedWorker,
    private readonly watch: Watch,
  ) {
    this.parts.readiness?.register('messages', async () => this.problem());
  }

  /**
   * True once the consumer runs; false where the broker did not answer within the time.
   * @throws TopicsRefused
   */
  async tryStart(withinMs: number): Promise<boolean> {
    this.started ??= this.start();
    const outcome = await Promise.race([this.started, pause(withinMs, null, { ref: false })]);
    if (outcome === false) this.started = null;
    return outcome === true;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.race([this.started?.catch(() => false), pause(STOP_PATIENCE_MS, false, { ref: false })]);
    await this.watch.stop();
    await this.consumer.stop();
    await this.worker.stop();
  }

  private async start(): Promise<boolean> {
    try {
      const clusterId = await this.parts.connection.clusterId();
      if (this.readers.size > 0) {
        await checkTopics(
          this.parts.connection,
          this.parts.settings,
          [...this.readers.values()].map(({ contract }) => contract),
        );
        if (!this.stopped) await this.consumer.start();
      }
      if (this.stopped) return false;
      this.watch.start(clusterId);
      this.worker.start();
      this.running = true;
      return true;
    } catch (error) {
      if (error instanceof TopicsRefused) throw error;
      this.logger.warn({ event: 'broker_not_reached', error: (error as Error).message });
      await pause(1_000, undefined, { ref: false });
      return false;
    }
  }

  /** The readiness check: what keeps this process from taking in records, as one sentence. */
  private problem(): string | null {
    if (!this.running) return 'the broker has not been reached yet';
    if (this.watch.brokerAwaySince !== null) return 'the broker does not answer';
    if (this.readers.size === 0) return null;
    if (!this.consumer.joined) return 'the consumer group has not been joined';
    if (this.runner.troubleSince !== null) return 'the database does not let batches through';
    const silentMs = performance.now() - this.consumer.lastEventAt;
    return silentMs > this.parts.settings.limits.deafAfterMs
      ? `no answer to a fetch for ${Math.round(silentMs / 1000)} s`
      : null;
  }
}

export function makeReading(parts: StrategyParts, readers: ReadonlyMap<string, TopicReader>): Reading {
  const { settings, connection, database, outbox, metrics, ids, fatal } = parts;
  const { writer, marks, publishing, table } = outbox;
  const { limits, service } = settings;
  const positions = new Positions(database, service);
  const histories = new HistoryPositions(service);
  const parked = new ParkedTable(service);
  const sorter = new Sorter(histories, parked, metrics);
  const worker = new ParkedWorker({ database, readers, histories, parked, writer, marks, publishing, limits });
  const transaction = new BatchTransaction({
    service,
    database,
    positions,
    sorter,
    histories,
    parked,
    writer,
    marks,
    publishing,
    metrics,
    limits,
    nextId: () => ids.next('rec'),
    now: () => new Date(),
    onParked: () => worker.wake(),
  });
  const runner = new BatchRunner(transaction, metrics);
  const joiner = new BatchJoiner(runner, positions, limits, metrics);
  const desk = new AdmissionDesk(settings, connection, positions, metrics);
  const group = new GroupConsumer(settings, connection, readers, positions, desk, joiner, metrics, fatal);
  const consumer = readers.size > 0 ? group : null;
  const watch = new Watch({
    settings,
    connection,
    database,
    outbox: table,
    parked,
    positions,
    consumer,
    metrics,
    fatal,
  });
  return new Reading(parts, readers, group, runner, worker, watch);
}
