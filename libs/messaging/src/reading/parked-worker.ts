import { Logger } from '@nestjs/common';
import type { Database, Tx } from '@gateway/persistence';
import { decodeRecord } from '../envelope/cloud-event';
import type { InboundRecord } from '../message';
import type { PendingMarks } from '../outbox/marks';
import type { OutboxPublishing } from '../outbox/outbox-publishing';
import { NOTHING_APPENDED, type Appended, type OutboxWriter } from '../outbox/outbox-writer';
import type { MessagingLimits } from '../settings';
import { handle } from './batch-transaction';
import { failureKindOf } from './failure';
import { PlaceMap, standingOf, type HistoryPositions } from './history';
import type { ParkedRow, ParkedTable } from './parked-table';
import type { TopicReader } from './readers';

/** What the worker works with. */
export interface ParkedParts {
  database: Database;
  readers: ReadonlyMap<string, TopicReader>;
  histories: HistoryPositions;
  parked: ParkedTable;
  writer: OutboxWriter;
  marks: PendingMarks;
  publishing: OutboxPublishing;
  limits: MessagingLimits;
}

const POLL_MS = 1_000;
/** Every so many rounds the safety net looks for gaps that have been filled unseen. */
const ROUNDS_PER_NET = 15;
const TOGETHER = 100;

/** Thrown inside a transaction to roll it back with the rows that were in it. */
class Together extends Error {
  constructor(
    readonly rows: readonly ParkedRow[],
    readonly error: unknown,
  ) {
    super('parked rows failed');
  }
}

/**
 * Tries parked records again, the first of each key, through the same handlers in a transaction of its own; many keys
 * together while all goes well, each alone where something fails.
 */
export class ParkedWorker {
  private readonly logger = new Logger('parked');
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> | null = null;
  private again = false;
  private rounds = 0;
  private stopped = false;

  constructor(private readonly parts: ParkedParts) {}

  start(): void {
    this.timer = setInterval(() => this.wake(), POLL_MS);
    this.timer.unref();
  }

  /** Something may be ready to be tried. */
  wake(): void {
    if (this.stopped) return;
    this.again = true;
    this.working ??= this.work();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.working;
  }

  private async work(): Promise<void> {
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        if (this.rounds++ % ROUNDS_PER_NET === 0) await this.parts.parked.releaseFilled(this.parts.database);
        while (!this.stopped && (await this.round())) continue;
      }
    } catch (error) {
      this.logger.warn({ event: 'parked_round_failed', error: (error as Error).message });
    } finally {
      this.working = null;
    }
  }

  /** True where something was done, so that there may be more. */
  private async round(): Promise<boolean> {
    try {
      return (await this.attempt(TOGETHER, null)) > 0;
    } catch (error) {
      if (!(error instanceof Together)) throw error;
      for (const row of error.rows) await this.alone(row);
      return true;
    }
  }

  private async alone(row: ParkedRow): Promise<void> {
    try {
      await this.attempt(1, row.id);
    } catch (error) {
      if (!(error instanceof Together)) throw error;
      const cause = error.error;
      const retryInMs = this.parts.limits.parkedBackoffMs[row.attempts + 1] ?? null;
      const message = cause instanceof Error ? cause.message : String(cause);
      this.logger.error({ event: 'parked_try_failed', topic: row.topic, attempts: row.attempts + 1, error: message });
      await this.parts.parked.failed(this.parts.database, row.id, message, retryInMs);
    }
  }

  /** @throws Together where the records are at fault; the database's own troubles as they are */
  private async attempt(limit: number, id: bigint | null): Promise<number> {
    let appended: Appended = NOTHING_APPENDED;
    let rows: ParkedRow[] = [];
    try {
      await this.parts.database.transaction(async (tx) => {
        rows = await this.parts.parked.takeFirst(tx, limit, id);
        if (rows.length > 0) appended = await this.handle(tx, rows);
      });
    } catch (error) {
      this.parts.marks.giveBack(appended.marks);
      throw failureKindOf(error) === 'infrastructure' ? error : new Together(rows, error);
    }
    this.parts.publishing.committed(appended);
    return rows.length;
  }

  private async handle(tx: Tx, rows: readonly ParkedRow[]): Promise<Appended> {
    const inSequence = rows.filter(({ topic }) => this.readerOf(topic).inSequence);
    const places = await this.parts.histories.load(tx, inSequence);
    const deliveries = new Map<TopicReader['handle'], InboundRecord[]>();
    const taken = new PlaceMap();
    const done: bigint[] = [];
    for (const row of rows) {
      const reader = this.readerOf(row.topic);
      const record = this.decode(row, reader);
      if (reader.inSequence) {
        const place = { incarnation: record.incarnation ?? 0, sequence: record.sequence ?? 0 };
        const standing = standingOf(place, places.get(row));
        if (standing === 'early') {
          await this.parts.parked.waitForGap(tx, row.id);
          continue;
        }
        done.push(row.id);
        if (standing === 'repeat') continue;
        taken.set(row, place);
      } else {
        done.push(row.id);
      }
      deliveries.set(reader.handle, [...(deliveries.get(reader.handle) ?? []), record]);
    }
    const emitted = deliveries.size === 0 ? { records: [] } : await handle(deliveries, tx);
    await this.parts.histories.save(tx, taken);
    await this.parts.parked.remove(tx, done);
    await this.parts.parked.releaseNext(tx, taken);
    return this.parts.writer.append(tx, emitted);
  }

  private readerOf(topic: string): TopicReader {
    const reader = this.parts.readers.get(topic);
    if (!reader) throw new Error(`this service no longer reads ${topic}`);
    return reader;
  }

  private decode(row: ParkedRow, { contract }: TopicReader): InboundRecord {
    const stored = { key: Buffer.from(row.key), value: row.record, traceparent: row.traceparent };
    const record = decodeRecord(contract, stored, row.part, null);
    if (typeof record === 'string') throw new Error(record);
    return record;
  }
}
