import type { Tx } from '@gateway/persistence';
import { encodeRecord, type WireRecord } from '../envelope/cloud-event';
import { writeLines } from '../envelope/outbox-lines';
import type { Emitted, OutboundRecord } from '../message';
import type { AuditNumbering } from './audit-numbering';
import { MARK_PUBLISHED, markParameters, type Marks, type PendingMarks } from './marks';
import type { OutboxRow } from './outbox-row';

/** What a transaction has put into the outbox; told to `committed` or `rolledBack` when its fate is known. */
export interface Appended {
  rows: readonly OutboxRow[];
  marks: Marks | null;
  /** What the handlers want started once it is committed. */
  afterCommit?: () => void;
}

export const NOTHING_APPENDED: Appended = { rows: [], marks: null };

/** Finished records per target topic. */
export type WireByTopic = Map<string, WireRecord[]>;

const TEXT_PARAMETERS_PER_ROW = 4;
const MARK_PARAMETERS = 4;

/**
 * The last statement of every transaction that publishes: one outbox row per target topic, and with it the marks of
 * rows published since. Records are numbered, checked and serialised here, once.
 */
export class OutboxWriter {
  constructor(
    private readonly owner: string,
    private readonly audit: AuditNumbering,
    private readonly marks: PendingMarks,
    private readonly nextId: () => string,
    private readonly now: () => Date,
  ) {}

  /** @throws RecordRefused where a record breaks its contract */
  async append(tx: Tx, emitted: Emitted, deadLetters: WireByTopic = new Map()): Promise<Appended> {
    const time = this.now().toISOString();
    const records = emitted.audit?.length
      ? [...emitted.records, ...(await this.audit.number(tx, emitted.audit, time))]
      : emitted.records;
    const byTopic = this.encode(records, time, deadLetters);
    const { afterCommit } = emitted;
    if (byTopic.size === 0) return afterCommit ? { ...NOTHING_APPENDED, afterCommit } : NOTHING_APPENDED;
    const marks = this.marks.take();
    try {
      const rows = await this.insert(tx, byTopic, marks);
      return { rows, marks, ...(afterCommit ? { afterCommit } : {}) };
    } catch (error) {
      this.marks.giveBack(marks);
      throw error;
    }
  }

  private encode(records: readonly OutboundRecord[], time: string, deadLetters: WireByTopic): WireByTopic {
    const byTopic: WireByTopic = new Map(deadLetters);
    if (records.length === 0) return byTopic;
    const id = this.nextId();
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!;
      const { topic } = record.contract;
      let list = byTopic.get(topic);
      if (!list) byTopic.set(topic, (list = []));
      list.push(encodeRecord(record, `${id}-${i}`, time));
    }
    return byTopic;
  }

  /** Scalar parameters, not arrays: escaping long texts into an array literal would cost more than the insert. */
  private async insert(tx: Tx, byTopic: WireByTopic, marks: Marks | null): Promise<OutboxRow[]> {
    const values: unknown[] = marks ? markParameters(marks) : [];
    const places: string[] = [];
    for (const [topic, records] of byTopic) {
      const first = (marks ? MARK_PARAMETERS : 0) + places.length * TEXT_PARAMETERS_PER_ROW + 1;
      places.push(`($${first}, $${first + 1}, $${first + 2}, $${first + 3}::int)`);
      values.push(this.owner, topic, writeLines(records), records.length);
    }
    const statement = `${marks ? `WITH marked AS (${MARK_PUBLISHED}) ` : ''}INSERT INTO outbox (owner, topic, records, record_count)
      VALUES ${places.join(', ')} RETURNING id, topic, created_at`;
    const name = `outbox-append-${places.length}${marks ? '-marking' : ''}`;
    const rows = await tx.query<{ id: bigint; topic: string; created_at: Date }>(statement, values, name);
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      topic: row.topic,
      records: byTopic.get(row.topic)!,
    }));
  }
}
