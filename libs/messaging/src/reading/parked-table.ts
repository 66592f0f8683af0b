import type { Tx } from '@gateway/persistence';
import type { StoredRecord } from '../envelope/cloud-event';
import type { PlaceMap, TopicKey } from './history';

export type ParkedKind = 'failed' | 'gap' | 'behind';

/** A record to be put aside. `sequence` is set where the reader acts on a history: then it orders the key's rows. */
export interface ToPark extends TopicKey {
  partition: number;
  incarnation: number;
  sequence: number | null;
  offset: number;
  stored: StoredRecord;
  kind: ParkedKind;
  reason: string;
  attempts: number;
  /** Milliseconds from now until it may be tried; null where only a filled gap frees it. */
  dueInMs: number | null;
}

/** A parked record that may be tried now: the first of its key. */
export interface ParkedRow extends TopicKey {
  id: bigint;
  part: number;
  kafka_offset: bigint;
  record: Buffer;
  traceparent: string | null;
  attempts: number;
}

const INSERT = `
  INSERT INTO parked (grp, topic, part, key, incarnation, sequence, kafka_offset, record, traceparent, kind, reason, attempts, due)
  SELECT $1, t.topic, t.part, t.key, t.incarnation, t.sequence, t.kafka_offset, decode(t.record, 'base64'), t.traceparent, t.kind,
    t.reason, t.attempts, coalesce(clock_timestamp() + make_interval(secs => t.due_in / 1000.0), 'infinity')
  FROM unnest($2::text[], $3::int[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::int[], $13::float8[])
    AS t (topic, part, key, incarnation, sequence, kafka_offset, record, traceparent, kind, reason, attempts, due_in)
  ON CONFLICT DO NOTHING`;

/** The rows that come first for their keys and are due. A key's first row blocks the others, also while it waits. */
const TAKE_FIRST = `
  SELECT p.id, p.topic, p.part, p.key, p.kafka_offset, p.record, p.traceparent, p.attempts FROM parked p
  WHERE p.grp = $1 AND NOT p.needs_person AND p.due <= clock_timestamp() AND ($3::bigint IS NULL OR p.id = $3)
    AND NOT EXISTS (SELECT 1 FROM parked e WHERE e.grp = p.grp AND e.topic = p.topic AND e.key = p.key
      AND (e.incarnation, coalesce(e.sequence, 0), e.id) < (p.incarnation, coalesce(p.sequence, 0), p.id))
  ORDER BY p.id LIMIT $2 FOR UPDATE OF p SKIP LOCKED`;

const RELEASE_NEXT = `
  UPDATE parked p SET due = clock_timestamp()
  FROM unnest($2::text[], $3::text[], $4::bigint[]) AS t (topic, key, sequence)
  WHERE p.grp = $1 AND p.topic = t.topic AND p.key = t.key AND p.sequence <= t.sequence + 1 AND p.due = 'infinity' AND NOT p.needs_person`;

/** A safety net: gaps that have been filled while nobody looked. */
const RELEASE_FILLED = `
  UPDATE parked p SET due = clock_timestamp() FROM history_position h
  WHERE p.grp = $1 AND h.grp = p.grp AND h.topic = p.topic AND h.key = p.key AND p.sequence <= h.sequence + 1
    AND p.due = 'infinity' AND NOT p.needs_person`;

/** What is parked, for metrics and alarms. */
export interface ParkedCounts {
  failed: number;
  gap: number;
  behind: number;
  needsPerson: number;
  gapsOverdue: number;
}

/** `parked`: what waits beside the stream, in order per key. */
export class ParkedTable {
  constructor(private readonly group: string) {}

  /** Which of these keys have something parked, with the places of what is parked. */
  async placesOf(tx: Tx, keys: readonly TopicKey[]): Promise<Map<string, Set<string>>> {
    const rows = await tx.query<TopicKey & { incarnation: number; sequence: bigint | null }>(
      `SELECT p.topic, p.key, p.incarnation, p.sequence FROM parked p
       JOIN unnest($2::text[], $3::text[]) AS t (topic, key) ON p.topic = t.topic AND p.key = t.key WHERE p.grp = $1`,
      [this.group, keys.map(({ topic }) => topic), keys.map(({ key }) => key)],
    );
    const places = new Map<string, Set<string>>();
    for (const row of rows) {
      const name = parkedKey(row);
      const known = places.get(name) ?? new Set<string>();
      if (row.sequence !== null) known.add(`${row.incarnation}:${row.sequence}`);
      places.set(name, known);
    }
    return places;
  }

  async insert(tx: Tx, rows: readonly ToPark[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(INSERT, [
      this.group,
      rows.map(({ topic }) => topic),
      rows.map(({ partition }) => partition),
      rows.map(({ key }) => key),
      rows.map(({ incarnation }) => incarnation),
      rows.map(({ sequence }) => sequence),
      rows.map(({ offset }) => offset),
      rows.map(({ stored }) => (stored.value ?? Buffer.alloc(0)).toString('base64')),
      rows.map(({ stored }) => stored.traceparent),
      rows.map(({ kind }) => kind),
      rows.map(({ reason }) => reason.slice(0, 1000)),
      rows.map(({ attempts }) => attempts),
      rows.map(({ dueInMs }) => dueInMs),
    ]);
  }

  /** Locks up to `limit` rows that may be tried now, or the one with the given id. */
  async takeFirst(tx: Tx, limit: number, id: bigint | null): Promise<ParkedRow[]> {
    return tx.query<ParkedRow>(TAKE_FIRST, [this.group, limit, id], 'parked-take-first');
  }

  async remove(tx: Tx, ids: readonly bigint[]): Promise<void> {
    if (ids.length > 0) await tx.query('DELETE FROM parked WHERE id = ANY ($1::bigint[])', [ids]);
  }

  /** A history has moved on: what waits for exactly the next place may be tried. */
  async releaseNext(tx: Tx, taken: PlaceMap): Promise<void> {
    const rows = taken.entries();
    if (rows.length === 0) return;
    await tx.query(RELEASE_NEXT, [
      this.group,
      rows.map(({ topic }) => topic),
      rows.map(({ key }) => key),
      rows.map(({ sequence }) => sequence),
    ]);
  }

  async releaseFilled(tx: Tx): Promise<void> {
    await tx.query(RELEASE_FILLED, [this.group]);
  }

  /** Waits on: the record came too early after all. */
  async waitForGap(tx: Tx, id: bigint): Promise<void> {
    await tx.query(`UPDATE parked SET due = 'infinity', kind = 'gap' WHERE id = $1`, [id]);
  }

  /** Another try failed. After the last one a person decides. */
  async failed(tx: Tx, id: bigint, reason: string, retryInMs: number | null): Promise<void> {
    await tx.query(
      `UPDATE parked SET attempts = attempts + 1, reason = $2, kind = 'failed', needs_person = $3::float8 IS NULL,
         due = coalesce(clock_timestamp() + make_interval(secs => $3 / 1000.0), 'infinity') WHERE id = $1`,
      [id, reason.slice(0, 1000), retryInMs],
    );
  }

  async counts(tx: Tx, gapAlarmMs: number): Promise<ParkedCounts> {
    const [row] = await tx.query<Record<keyof ParkedCounts, number>>(
      `SELECT count(*) FILTER (WHERE kind = 'failed')::int AS failed, count(*) FILTER (WHERE kind = 'gap')::int AS gap,
         count(*) FILTER (WHERE kind = 'behind')::int AS behind, count(*) FILTER (WHERE needs_person)::int AS "needsPerson",
         count(*) FILTER (WHERE kind = 'gap' AND parked_at < clock_timestamp() - make_interval(secs => $2 / 1000.0))::int AS "gapsOverdue"
       FROM parked WHERE grp = $1`,
      [this.group, gapAlarmMs],
      'parked-counts',
    );
    return row!;
  }
}

export function parkedKey({ topic, key }: TopicKey): string {
  return `${topic} ${key}`;
}
