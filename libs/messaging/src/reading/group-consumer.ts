import { Logger } from '@nestjs/common';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaConnection } from '../kafka/kafka-connection';
import type { MessagingMetrics } from '../metrics';
import type { MessagingSettings } from '../settings';
import type { AdmissionDesk } from './admission';
import type { BatchJoiner } from './batch-joiner';
import { isBrokerAway, isRebalance } from './failure';
import type { Positions, TopicPartition } from './positions';
import type { TopicReader } from './readers';

/** Told when the process can only help itself by starting again. */
export type Fatal = (reason: string) => void;

const ASSUME_PAUSE_MS = 300;
const PATIENCE_MS = 250;
const JOIN_ANEW_MS = 500;

/** kafkajs's consumer, run the way of design S2: no auto-commit, no auto-resolve, positions from PostgreSQL. */
export class GroupConsumer {
  private readonly logger = new Logger('reading');
  private consumer: Consumer | null = null;
  private assuming: Promise<void> = Promise.resolve();
  private generation = 0;
  private knownCluster: string | null = null;
  private stopping = false;
  joined = false;
  /** Monotonic time of the last sign of life. */
  lastEventAt = performance.now();

  constructor(
    private readonly settings: MessagingSettings,
    private readonly connection: KafkaConnection,
    private readonly readers: ReadonlyMap<string, TopicReader>,
    private readonly positions: Positions,
    private readonly desk: AdmissionDesk,
    private readonly joiner: BatchJoiner,
    private readonly metrics: MessagingMetrics,
    private readonly fatal: Fatal,
  ) {}

  async start(): Promise<void> {
    const consumer = this.connection.consumer(() => !this.stopping);
    this.consumer = consumer;
    this.listen(consumer);
    try {
      await this.run(consumer);
    } catch (error) {
      void consumer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  /** Leaves the group after the transaction under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.generation++;
    const stopping = this.joiner.stop();
    await this.consumer?.disconnect().catch(() => undefined);
    await stopping;
    this.joined = false;
  }

  /** Tells Kafka where the group stands, for lag tools only; nothing is read from there. */
  async reportPositions(): Promise<void> {
    const offsets = this.positions.all().map(({ topic, partition, held }) => ({
      topic: this.settings.physical(topic),
      partition,
      offset: String(held),
    }));
    if (this.joined && offsets.length > 0) await this.consumer?.commitOffsets(offsets);
  }

  /** Looks whether a person has moved a stopped partition on. */
  async resumeMoved(): Promise<void> {
    const stopped = this.positions.stopped();
    if (stopped.length === 0) return;
    await this.positions.reload(stopped);
    for (const { topic, partition } of stopped.filter((one) => !this.positions.isStopped(one.topic, one.partition))) {
      this.seek({ topic, partition });
      this.consumer?.resume([{ topic: this.settings.physical(topic), partitions: [partition] }]);
    }
    this.metrics.stoppedPartitions.set(this.positions.stopped().length);
  }

  private async run(consumer: Consumer): Promise<void> {
    await consumer.connect();
    const topics = [...this.readers.keys()].map((topic) => this.settings.physical(topic));
    await consumer.subscribe({ topics, fromBeginning: true });
    if (this.stopping) return consumer.disconnect();
    const concurrency = [...this.readers.values()].reduce((sum, { contract }) => sum + contract.partitions, 0);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrency,
      eachBatch: (payload) => this.eachBatch(payload),
    });
  }

  private listen(consumer: Consumer): void {
    const { GROUP_JOIN, FETCH, HEARTBEAT, CRASH } = consumer.events;
    const alive = (): void => {
      this.lastEventAt = performance.now();
    };
    consumer.on(FETCH, alive);
    consumer.on(HEARTBEAT, alive);
    consumer.on(GROUP_JOIN, ({ payload }) => {
      alive();
      this.metrics.rebalances.inc();
      this.positions.forget();
      this.assuming = this.assume(partitionsOf(payload.memberAssignment, this.settings), ++this.generation);
    });
    consumer.on(CRASH, ({ payload }) => {
      this.joined = false;
      this.logger.error({ event: 'consumer_crashed', restart: payload.restart, error: payload.error.message });
      if (payload.restart || this.stopping) return;
      if (isBrokerAway(payload.error)) void this.joinAnew();
      else this.fatal('the consumer has crashed');
    });
  }

  /** kafkajs takes some answers of a broker that is away for final: another consumer goes on, the edge never notices. */
  private async joinAnew(): Promise<void> {
    while (!this.stopping) {
      await pause(JOIN_ANEW_MS, undefined, { ref: false });
      if (this.stopping) return;
      try {
        return await this.start();
      } catch (error) {
        this.logger.warn({ event: 'group_not_joined', error: (error as Error).message });
      }
    }
  }

  /**
   * Loads the positions of what was assigned and seeks them; repeated until it succeeds, the group is joined anew or
   * reading stops: kafkajs ends a join under way before it lets go, and then there is nothing left to load them with.
   */
  private async assume(assigned: readonly TopicPartition[], generation: number): Promise<void> {
    while (generation === this.generation && !this.stopping) {
      try {
        await this.assumeOnce(assigned);
        this.joined = true;
        return;
      } catch (error) {
        this.logger.warn({ event: 'positions_not_loaded', error: (error as Error).message });
        await pause(ASSUME_PAUSE_MS);
      }
    }
  }

  private async assumeOnce(assigned: readonly TopicPartition[]): Promise<void> {
    const clusterId = await this.connection.clusterId();
    this.knownCluster ??= clusterId;
    if (clusterId !== this.knownCluster) return this.fatal('the broker is another cluster');
    await this.positions.assume(clusterId, assigned);
    for (const topic of new Set(assigned.map((one) => one.topic))) {
      const ranges = await this.connection.logRanges(this.settings.physical(topic));
      for (const where of assigned.filter((one) => one.topic === topic)) {
        const held = this.positions.heldOf(where.topic, where.partition) ?? 0;
        if (!this.positions.isStopped(where.topic, where.partition))
          await this.desk.judgeRange(where, held, ranges.get(where.partition));
        this.seek(where);
      }
    }
    this.pauseStopped();
    this.logger.log({ event: 'assigned', partitions: assigned.length });
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    try {
      await this.assumed(() => payload.heartbeat());
      if (!payload.isRunning() || payload.isStale()) return;
      await this.offer(payload);
    } catch (error) {
      if (isRebalance(error)) throw error;
      this.logger.error({ event: 'batch_not_taken', error: (error as Error).message });
      await pause(PATIENCE_MS);
    }
  }

  private async offer(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const topic = this.settings.logical(batch.topic);
    const { partition } = batch;
    const reader = this.readers.get(topic);
    if (!reader) return;
    const highWatermark = Number(batch.highWatermark);
    const admission = await this.desk.judge({ topic, partition, messages: batch.messages, highWatermark });
    if (admission === 'stop') return this.pauseStopped();
    if (admission === 'seek') return this.seek({ topic, partition });
    const held = this.positions.heldOf(topic, partition)!;
    const start = batch.messages.findIndex(({ offset }) => Number(offset) >= held);
    const end = Number(batch.lastOffset()) + 1;
    await this.joiner.offer({
      topic,
      partition,
      reader,
      messages: batch.messages,
      cursor: start < 0 ? batch.messages.length : start,
      held,
      end,
      highWatermark,
      heartbeat: () => payload.heartbeat(),
      resolve: () => payload.resolveOffset(String(end - 1)),
      seek: () => this.seek({ topic, partition }),
    });
  }

  /** Waits for the positions and keeps the membership alive meanwhile. */
  private async assumed(heartbeat: () => Promise<void>): Promise<void> {
    let settled = false;
    const assuming = this.assuming.then(() => {
      settled = true;
    });
    while (!settled) {
      await Promise.race([assuming, pause(PATIENCE_MS)]);
      if (!settled) await heartbeat();
    }
  }

  private seek({ topic, partition }: TopicPartition): void {
    const held = this.positions.heldOf(topic, partition);
    if (held === undefined) return;
    try {
      this.consumer?.seek({ topic: this.settings.physical(topic), partition, offset: String(held) });
    } catch {
      // The consumer is between two runs; joining the group seeks again.
    }
  }

  private pauseStopped(): void {
    for (const { topic, partition } of this.positions.stopped())
      this.consumer?.pause([{ topic: this.settings.physical(topic), partitions: [partition] }]);
    this.metrics.stoppedPartitions.set(this.positions.stopped().length);
  }
}

function partitionsOf(assignment: Record<string, number[]>, settings: MessagingSettings): TopicPartition[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic: settings.logical(topic), partition })),
  );
}
