import type { RowMark } from './outbox-row';

/** Published rows of one cluster whose marks are still to be written. */
export interface Marks {
  clusterId: string;
  rows: readonly RowMark[];
}

/** Slack around the rows' times: a JavaScript date has milliseconds, the column has microseconds. */
const SLACK_MS = 1;

/**
 * Sets marks by id; $3 and $4 bound the time, so that only those days are looked into. A process that comes late with marks of
 * a lost cluster, which another one has refilled meanwhile, sets none: its rows are published again.
 */
export const MARK_PUBLISHED = `
  UPDATE outbox SET published_at = clock_timestamp(), cluster_id = $1
  WHERE id = ANY ($2::bigint[]) AND created_at BETWEEN $3::timestamptz AND $4::timestamptz
    AND EXISTS (SELECT 1 FROM outbox_cluster known WHERE known.cluster_id = $1)`;

export function markParameters(marks: Marks): unknown[] {
  let first = Infinity;
  let last = -Infinity;
  for (const { createdAt } of marks.rows) {
    first = Math.min(first, createdAt.getTime());
    last = Math.max(last, createdAt.getTime());
  }
  return [
    marks.clusterId,
    marks.rows.map(({ id }) => id),
    new Date(first - SLACK_MS).toISOString(),
    new Date(last + SLACK_MS).toISOString(),
  ];
}

/**
 * Rows that Kafka has acknowledged and that carry no mark yet. The next transaction takes them along, or they are
 * written alone after 500 ms. Marks are per row and never a high-water mark: ids commit out of order.
 */
export class PendingMarks {
  private pending: RowMark[] = [];
  private clusterId = '';

  get size(): number {
    return this.pending.length;
  }

  add(clusterId: string, rows: readonly RowMark[]): void {
    if (clusterId !== this.clusterId) this.pending = [];
    this.clusterId = clusterId;
    this.pending.push(...rows);
  }

  /** Takes what waits; whoever takes it writes it or gives it back. */
  take(): Marks | null {
    if (this.pending.length === 0) return null;
    const rows = this.pending;
    this.pending = [];
    return { clusterId: this.clusterId, rows };
  }

  giveBack(marks: Marks | null): void {
    if (marks && marks.clusterId === this.clusterId) this.pending.push(...marks.rows);
  }
}
