import type { Database } from '@gateway/persistence';
import { readLines } from '../envelope/outbox-lines';
import { MARK_PUBLISHED, markParameters, type Marks } from './marks';
import type { OutboxRow } from './outbox-row';

const SWEEP_LIMIT = 200;
const REFILL_LIMIT = 500;
/** Owners silent for a day have nothing left in the outbox. */
const FORGET_OWNER = `DELETE FROM outbox_owner WHERE beat_at < clock_timestamp() - interval '1 day'`;

const BEAT = `
  INSERT INTO outbox_owner (owner, beat_at) VALUES ($1, clock_timestamp())
  ON CONFLICT (owner) DO UPDATE SET beat_at = excluded.beat_at`;

/** Rows that nobody is publishing: ours that are not queued, or those of an owner whose heart has stopped. */
const SWEEP = `
  UPDATE outbox o SET owner = $1
  FROM (
    SELECT id, created_at FROM outbox u
    WHERE published_at IS NULL AND created_at < clock_timestamp() - make_interval(secs => $3 / 1000.0)
      AND CASE WHEN owner = $1 THEN id <> ALL ($2::bigint[])
          ELSE NOT EXISTS (SELECT 1 FROM outbox_owner w
            WHERE w.owner = u.owner AND w.beat_at > clock_timestamp() - make_interval(secs => $4 / 1000.0)) END
    ORDER BY created_at LIMIT ${SWEEP_LIMIT} FOR UPDATE SKIP LOCKED
  ) found
  WHERE o.id = found.id AND o.created_at = found.created_at
  RETURNING o.id, o.created_at, o.topic, o.records`;

/** A mark under another cluster is no mark: the rows are unpublished again, and ours. */
const REFILL = `
  UPDATE outbox o SET published_at = NULL, cluster_id = NULL, owner = $1
  FROM (SELECT id, created_at FROM outbox WHERE published_at IS NOT NULL AND cluster_id <> $2
        ORDER BY id LIMIT ${REFILL_LIMIT} FOR UPDATE SKIP LOCKED) found
  WHERE o.id = found.id AND o.created_at = found.created_at
  RETURNING o.id`;

/** How full the outbox is. */
export interface OutboxDepth {
  rows: number;
  oldestAgeS: number;
}

/** The outbox as its owner works on it outside of business transactions. */
export class OutboxTable {
  constructor(
    private readonly database: Database,
    private readonly owner: string,
  ) {}

  async beat(): Promise<void> {
    await this.database.query(BEAT, [this.owner], 'outbox-beat');
  }

  /** Gives up ownership: what is left is taken over at once instead of after the heartbeat's end. */
  async release(): Promise<void> {
    await this.database.query('DELETE FROM outbox_owner WHERE owner = $1', [this.owner]);
  }

  async sweep(queued: readonly bigint[], olderThanMs: number, ownerDeadAfterMs: number): Promise<OutboxRow[]> {
    const rows = await this.database.query<{ id: bigint; created_at: Date; topic: string; records: string }>(
      SWEEP,
      [this.owner, queued, olderThanMs, ownerDeadAfterMs],
      'outbox-sweep',
    );
    rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      topic: row.topic,
      records: readLines(row.records),
    }));
  }

  async mark(marks: Marks): Promise<void> {
    await this.database.query(MARK_PUBLISHED, markParameters(marks), 'outbox-mark');
  }

  /** Whether this database has last published to another cluster. */
  async isOtherCluster(clusterId: string): Promise<boolean> {
    const rows = await this.database.query<{ cluster_id: string }>('SELECT cluster_id FROM outbox_cluster');
    return rows.some(({ cluster_id }) => cluster_id !== clusterId);
  }

  /** Notes the cluster, only after it has been refilled: a process that dies before leaves the work to the next. */
  async noteCluster(clusterId: string): Promise<void> {
    await this.database.query(
      `WITH others AS (DELETE FROM outbox_cluster WHERE cluster_id <> $1)
       INSERT INTO outbox_cluster (cluster_id) VALUES ($1) ON CONFLICT DO NOTHING`,
      [clusterId],
    );
  }

  /** Takes the marks of other clusters off, in pieces; the sweeps then publish again. Returns how many rows. */
  async refill(clusterId: string): Promise<number> {
    let total = 0;
    for (;;) {
      const { length } = await this.database.query(REFILL, [this.owner, clusterId], 'outbox-refill');
      total += length;
      if (length < REFILL_LIMIT) return total;
    }
  }

  async maintain(keepHours: number): Promise<void> {
    await this.database.query(`SELECT outbox_maintain(make_interval(hours => $1))`, [keepHours]);
    await this.database.query(FORGET_OWNER);
  }

  async depth(): Promise<OutboxDepth> {
    const [row] = await this.database.query<{ rows: bigint; age: number | null }>(
      `SELECT count(*) AS rows, extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS age
       FROM outbox WHERE published_at IS NULL`,
      [],
      'outbox-depth',
    );
    return { rows: Number(row?.rows ?? 0n), oldestAgeS: row?.age ?? 0 };
  }
}
