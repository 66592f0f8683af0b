import { Logger } from '@nestjs/common';
import type { KafkaMessage } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessagingMetrics } from '../metrics';
import type { MessagingLimits } from '../settings';
import type { BatchRunner } from './batch-runner';
import { restAfter } from './cycle-rest';
import { FenceLost, isRebalance } from './failure';
import type { Positions } from './positions';
import type { TopicReader } from './readers';
import { toEntry, type Slice } from './slice';

/** What kafkajs fetched from one partition, waiting to be taken into transactions. */
export interface FetchedBatch {
  topic: string;
  partition: number;
  reader: TopicReader;
  messages: readonly KafkaMessage[];
  /** Index of the first message not yet done. */
  cursor: number;
  /** The position that the cursor stands at: below it all is done. */
  held: number;
  /** One beyond the last offset of the batch, control records included. */
  end: number;
  highWatermark: number;
  heartbeat: () => Promise<void>;
  /** Tells kafkajs where to fetch next. */
  resolve: () => void;
  /** Makes kafkajs fetch again from the position held. */
  seek: (offset: number) => void;
}

interface Waiting {
  batch: FetchedBatch;
  settle: () => void;
  fail: (error: Error) => void;
}

/**
 * Joins what waits from all partitions into one transaction after the other. kafkajs fetches again only when all
 * batches of a fetch are done, so a cycle's minimum length is kept by answering late: the first record after a quiet
 * moment is taken at once, a trickle gathers in the broker meanwhile, and a backlog is not held up.
 */
export class BatchJoiner {
  private readonly logger = new Logger('reading');
  private waiting: Waiting[] = [];
  private cycling: Promise<void> | null = null;
  private stopping = false;

  constructor(
    private readonly runner: BatchRunner,
    private readonly positions: Positions,
    private readonly limits: MessagingLimits,
    private readonly metrics: MessagingMetrics,
  ) {}

  /** Resolves when the batch is done or given up; rejects with kafkajs's rebalance errors only. */
  offer(batch: FetchedBatch): Promise<void> {
    return new Promise((settle, fail) => {
      this.waiting.push({ batch, settle, fail });
      this.cycling ??= this.cycle();
    });
  }

  /** Lets the transaction under way end and gives the rest back. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.runner.stopping = true;
    await this.cycling;
  }

  private async cycle(): Promise<void> {
    // The batches of one fetch are offered in the same turn of the event loop: wait for all of them.
    await new Promise((turn) => setImmediate(turn));
    try {
      while (this.waiting.length > 0) {
        const started = performance.now();
        await this.once();
        if (this.waiting.every(({ batch }) => this.isDone(batch))) await this.lengthen(started);
        this.settleDone();
      }
    } finally {
      this.cycling = null;
    }
  }

  private async once(): Promise<void> {
    if (this.stopping) return this.giveUp(this.waiting);
    this.giveUp(this.waiting.filter(({ batch }) => this.isOutdated(batch)));
    const slices = this.take();
    const beat = (): Promise<void> => this.beat();
    try {
      if (slices.length > 0) await this.runner.process(slices, beat);
      this.moveCursors(slices);
      await this.beat();
    } catch (error) {
      if (error instanceof FenceLost) await this.fenceLost(slices);
      else if (isRebalance(error)) this.failAll(error as Error);
      else this.unexpected(error);
    }
  }

  /**
   * The group was joined anew meanwhile, and the partition stands elsewhere: further on, where another process has had it,
   * or at the beginning of a log that was made anew. What was fetched from another position does not follow on this one.
   */
  private isOutdated({ topic, partition, held }: FetchedBatch): boolean {
    return (this.positions.heldOf(topic, partition) ?? held) !== held;
  }

  private take(): Slice[] {
    const slices: Slice[] = [];
    let room = this.limits.maxBatch;
    for (const { batch } of this.waiting) {
      const held = this.positions.heldOf(batch.topic, batch.partition);
      if (held === undefined || held >= batch.end) continue;
      const last = Math.min(batch.cursor + room, batch.messages.length);
      if (last === batch.cursor && batch.cursor < batch.messages.length) break;
      const entries = batch.messages
        .slice(batch.cursor, last)
        .map((message) => toEntry(message, batch.reader, batch.partition));
      const to = last === batch.messages.length ? batch.end : entries.at(-1)!.offset + 1;
      slices.push({ topic: batch.topic, partition: batch.partition, reader: batch.reader, held, to, entries });
      room -= entries.length;
    }
    return slices.sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
  }

  private moveCursors(slices: readonly Slice[]): void {
    for (const { topic, partition, to } of slices) {
      const taken = this.waiting.find(({ batch }) => batch.topic === topic && batch.partition === partition);
      if (!taken) continue;
      const { batch } = taken;
      batch.held = to;
      while (batch.cursor < batch.messages.length && Number(batch.messages[batch.cursor]!.offset) < to) batch.cursor++;
    }
  }

  private isDone({ topic, partition, end }: FetchedBatch): boolean {
    return (this.positions.heldOf(topic, partition) ?? Infinity) >= end;
  }

  private settleDone(): void {
    const done = this.waiting.filter(({ batch }) => this.isDone(batch));
    this.waiting = this.waiting.filter(({ batch }) => !this.isDone(batch));
    for (const { batch, settle } of done) {
      // A partition that is no longer held is left as it is: whoever has it now knows where to go on.
      if (this.positions.heldOf(batch.topic, batch.partition) !== undefined) batch.resolve();
      settle();
    }
  }

  /** Rests, unless records wait in the broker behind the fetched ones: a backlog is not held up. */
  private async lengthen(started: number): Promise<void> {
    const behind = this.waiting.reduce((sum, { batch }) => sum + Math.max(0, batch.highWatermark - batch.end), 0);
    const rest = restAfter(performance.now() - started, this.limits);
    if (rest > 0 && behind < this.limits.maxBatch && !this.stopping) await pause(rest);
  }

  /** Positions as they are in the database count; batches of partitions that others moved are given up. */
  private async fenceLost(slices: readonly Slice[]): Promise<void> {
    this.metrics.fencesLost.inc();
    const partitions = slices.map(({ topic, partition }) => ({ topic, partition }));
    this.logger.warn({ event: 'fence_lost', partitions: partitions.map((one) => `${one.topic}/${one.partition}`) });
    try {
      await this.positions.reload(partitions);
    } catch (error) {
      this.logger.warn({ event: 'positions_not_read', error: (error as Error).message });
    }
    this.giveUp(this.waiting);
  }

  private giveUp(given: readonly Waiting[]): void {
    this.waiting = this.waiting.filter((one) => !given.includes(one));
    for (const { batch, settle } of given) {
      const held = this.positions.heldOf(batch.topic, batch.partition);
      if (held !== undefined && !this.stopping) batch.seek(held);
      settle();
    }
  }

  private failAll(error: Error): void {
    const failed = this.waiting;
    this.waiting = [];
    for (const { fail } of failed) fail(error);
  }

  private unexpected(error: unknown): void {
    this.logger.error({ event: 'batch_given_up', error: (error as Error).message, stack: (error as Error).stack });
    this.giveUp(this.waiting);
  }

  /** Other errors than a rebalance come again at kafkajs's own heartbeat after the batch. */
  private async beat(): Promise<void> {
    const [first] = this.waiting;
    if (!first) return;
    try {
      await first.batch.heartbeat();
    } catch (error) {
      if (isRebalance(error)) throw error;
      this.logger.debug({ event: 'heartbeat_failed', error: (error as Error).message });
    }
  }
}
