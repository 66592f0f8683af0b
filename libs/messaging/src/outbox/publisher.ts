import { Logger } from '@nestjs/common';
import type { Producer } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaConnection } from '../kafka/kafka-connection';
import type { MessagingMetrics } from '../metrics';
import type { MessagingSettings } from '../settings';
import type { PendingMarks } from './marks';
import type { OutboxRow } from './outbox-row';
import { nextRequest, type ProduceRequest, type QueuedRow } from './produce-request';

/** A connected producer and the cluster that it is connected to. */
interface Link {
  producer: Producer;
  clusterId: string;
}

/** Rows beyond this stay in the outbox and are swept up later, so that a long outage does not fill the memory. */
const MAX_QUEUED_RECORDS = 100_000;
const MAX_PAUSE_MS = 1_000;
const FIRST_PAUSE_MS = 50;

/**
 * The one publisher of a process: one `sendBatch` in flight (two at once lose records on kafkajs's idempotent
 * producer), acks all, endless repeats at most 1 s apart. After a rejected send the producer is replaced before
 * anything else is sent, because its sequence numbers can no longer be trusted.
 */
export class Publisher {
  private readonly logger = new Logger('publisher');
  private readonly queue: QueuedRow[] = [];
  private readonly known = new Set<bigint>();
  private queuedRecords = 0;
  private link: Promise<Link> | null = null;
  private working: Promise<void> | null = null;
  private stopping = false;

  constructor(
    private readonly settings: MessagingSettings,
    private readonly connection: KafkaConnection,
    private readonly marks: PendingMarks,
    private readonly metrics: MessagingMetrics,
    /** Told when the cluster behind the producer is known. */
    private readonly onCluster: (clusterId: string) => Promise<void>,
    /** Told when marks wait to be written. */
    private readonly onPublished: () => void,
  ) {}

  /** Rows of committed transactions. Returns at once. */
  enqueue(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      if (this.stopping || this.known.has(row.id)) continue;
      if (this.queuedRecords > MAX_QUEUED_RECORDS) break;
      this.known.add(row.id);
      this.queuedRecords += row.records.length;
      this.queue.push({ row, taken: 0 });
    }
    if (this.queue.length > 0) this.working ??= this.work();
  }

  /** Ids that are on their way here and need no sweeping. */
  queuedIds(): bigint[] {
    return [...this.known];
  }

  hasRoom(): boolean {
    return !this.stopping && this.queuedRecords <= MAX_QUEUED_RECORDS / 2;
  }

  /** Opens the producer before the first row needs it; gives up quietly, as the first row tries again. */
  async warmUp(): Promise<void> {
    await this.connected().catch(() => this.replaceProducer());
  }

  /** Waits until the queue is empty, at most the given time. What is left stays in the outbox for another owner. */
  async stop(withinMs: number): Promise<void> {
    const empty = this.working ?? Promise.resolve();
    const timeout = new AbortController();
    await Promise.race([empty, pause(withinMs, undefined, { signal: timeout.signal }).catch(() => undefined)]);
    timeout.abort();
    this.stopping = true;
    await this.replaceProducer();
  }

  private async work(): Promise<void> {
    try {
      while (this.queue.length > 0 && !this.stopping) {
        const request = nextRequest(this.queue, (topic) => this.settings.physical(topic));
        const clusterId = await this.deliver(request);
        if (clusterId !== null) this.published(request, clusterId);
      }
    } finally {
      this.working = null;
    }
  }

  private published(request: ProduceRequest, clusterId: string): void {
    for (const row of request.completes) {
      this.known.delete(row.id);
      this.queuedRecords -= row.records.length;
    }
    this.metrics.published.inc(request.records);
    this.marks.add(
      clusterId,
      request.completes.map(({ id, createdAt }) => ({ id, createdAt })),
    );
    this.onPublished();
  }

  /** The cluster that acknowledged the request; null where the process stops first. */
  private async deliver(request: ProduceRequest): Promise<string | null> {
    let wait = FIRST_PAUSE_MS;
    while (!this.stopping) {
      try {
        const { producer, clusterId } = await this.connected();
        await producer.sendBatch({ acks: -1, topicMessages: request.topicMessages });
        return clusterId;
      } catch (error) {
        this.metrics.rejectedSends.inc();
        this.logger.warn({ event: 'send_rejected', records: request.records, error: (error as Error).message });
        await this.replaceProducer();
        if (this.stopping) break;
        await pause(wait, undefined, { ref: false });
        wait = Math.min(wait * 2, MAX_PAUSE_MS);
      }
    }
    return null;
  }

  private connected(): Promise<Link> {
    return (this.link ??= this.connect());
  }

  private async connect(): Promise<Link> {
    const producer = this.connection.producer();
    try {
      await producer.connect();
      const clusterId = await this.connection.clusterId();
      await this.onCluster(clusterId);
      return { producer, clusterId };
    } catch (error) {
      void producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  private async replaceProducer(): Promise<void> {
    const link = this.link;
    this.link = null;
    await link?.then(({ producer }) => producer.disconnect()).catch(() => undefined);
  }
}
