import type { Database, Tx } from '@gateway/persistence';
import type { Emitted, InboundRecord } from '../message';
import type { MessagingMetrics } from '../metrics';
import type { OutboxPublishing } from '../outbox/outbox-publishing';
import type { PendingMarks } from '../outbox/marks';
import { NOTHING_APPENDED, type Appended, type OutboxWriter, type WireByTopic } from '../outbox/outbox-writer';
import type { MessagingLimits } from '../settings';
import { deadLetter, deadLetterTopic } from './dead-letter';
import type { HistoryPositions } from './history';
import type { ParkedTable } from './parked-table';
import type { Positions } from './positions';
import type { TopicReader } from './readers';
import { recordCount, type Slice } from './slice';
import type { Sorted, Sorter } from './sorter';

/** What a batch's transaction works with. */
export interface BatchParts {
  service: string;
  database: Database;
  positions: Positions;
  sorter: Sorter;
  histories: HistoryPositions;
  parked: ParkedTable;
  writer: OutboxWriter;
  marks: PendingMarks;
  publishing: OutboxPublishing;
  metrics: MessagingMetrics;
  limits: MessagingLimits;
  nextId: () => string;
  now: () => Date;
  /** Told when something may be tried by the parked worker. */
  onParked: () => void;
}

/** One transaction per batch (design S3): fence, sort, handlers, positions and parked, outbox. */
export class BatchTransaction {
  constructor(private readonly parts: BatchParts) {}

  /** Handles a batch. After it resolves, everything is committed and on its way to Kafka. */
  async run(slices: readonly Slice[]): Promise<void> {
    await this.commit(slices, async (tx, anyParked) => {
      const sorted = await this.parts.sorter.sort(tx, slices, anyParked);
      const emitted = await handle(sorted.deliveries, tx);
      await this.parts.histories.save(tx, sorted.taken);
      await this.parts.parked.insert(tx, sorted.park);
      if (anyParked) await this.parts.parked.releaseNext(tx, sorted.taken);
      const appended = await this.parts.writer.append(tx, emitted, this.deadLetters(sorted));
      this.count(slices, sorted);
      return appended;
    });
    this.parts.metrics.batchSize.observe(recordCount(slices));
  }

  /** Puts the one record of a batch aside, so that its partition goes on without it. */
  async park(slices: readonly Slice[], reason: string): Promise<void> {
    const dueInMs = this.parts.limits.parkedBackoffMs[0] ?? 0;
    await this.commit(slices, async (tx) => {
      for (const { topic, partition, reader, entries } of slices) {
        for (const { record, offset, stored } of entries) {
          const place = { incarnation: record?.incarnation ?? 0, sequence: record?.sequence ?? null };
          const key = record?.key ?? '';
          const where = reader.inSequence ? place : { incarnation: 0, sequence: null };
          const row = { topic, partition, key, ...where, offset, stored, reason, attempts: 0, dueInMs };
          await this.parts.parked.insert(tx, [{ ...row, kind: 'failed' }]);
          this.parts.metrics.parkedTotal.inc({ topic, kind: 'failed' });
        }
      }
      return NOTHING_APPENDED;
    });
    this.parts.onParked();
  }

  private async commit(
    slices: readonly Slice[],
    work: (tx: Tx, anyParked: boolean) => Promise<Appended>,
  ): Promise<void> {
    let appended: Appended = NOTHING_APPENDED;
    try {
      await this.parts.database.transaction(async (tx) => {
        const anyParked = await this.parts.positions.fence(tx, slices);
        appended = await work(tx, anyParked);
      });
    } catch (error) {
      this.parts.marks.giveBack(appended.marks);
      throw error;
    }
    this.parts.positions.advance(slices);
    this.parts.publishing.committed(appended);
  }

  private deadLetters({ unreadable }: Sorted): WireByTopic {
    const letters: WireByTopic = new Map();
    if (unreadable.length === 0) return letters;
    const time = this.parts.now().toISOString();
    for (const { slice, entry } of unreadable) {
      const topic = deadLetterTopic(slice.topic);
      const list = letters.get(topic) ?? [];
      list.push(deadLetter(slice, entry, this.parts.service, this.parts.nextId(), time));
      letters.set(topic, list);
      this.parts.metrics.deadLetters.inc({ topic: slice.topic });
    }
    return letters;
  }

  private count(slices: readonly Slice[], sorted: Sorted): void {
    for (const { topic, entries } of slices) this.parts.metrics.consumed.inc({ topic }, entries.length);
    for (const { topic, kind } of sorted.park) this.parts.metrics.parkedTotal.inc({ topic, kind });
    if (sorted.park.length > 0) this.parts.onParked();
  }
}

/** Gives each handler its records and joins what they want told. */
export async function handle(
  deliveries: ReadonlyMap<TopicReader['handle'], InboundRecord[]>,
  tx: Tx,
): Promise<Emitted> {
  const all: Emitted[] = [];
  for (const [handler, records] of deliveries) all.push(await handler(records, tx));
  if (all.length === 1) return all[0]!;
  return {
    records: all.flatMap(({ records }) => records),
    audit: all.flatMap(({ audit }) => audit ?? []),
    afterCommit: () => all.forEach(({ afterCommit }) => afterCommit?.()),
  };
}
