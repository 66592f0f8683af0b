import type { Tx } from '@gateway/persistence';

/** Which records of a topic are sent once more; without either, all that the outbox still holds. */
export interface ReplayWish {
  topic: string;
  key?: string;
  since?: Date;
}

/** What will be sent again. Rows go out whole, so more records than wished may come: readers drop repeats. */
export interface Replayed {
  rows: number;
  records: number;
}

const REPLAY = `
  WITH again AS (
    UPDATE outbox SET published_at = NULL, cluster_id = NULL
    WHERE topic = $1 AND published_at IS NOT NULL
      AND ($2::text IS NULL OR strpos(E'\\n' || records, E'\\t' || $2 || E'\\t') > 0)
      AND ($3::timestamptz IS NULL OR created_at >= $3)
    RETURNING record_count)
  SELECT count(*)::int AS rows, coalesce(sum(record_count), 0)::int AS records FROM again`;

/**
 * Sends records once more, from the outbox of the topic's writer (design S6): their marks are taken off, and the next
 * sweep of any of its processes publishes them, the very bytes of the first time.
 */
export async function replayRecords(writer: Tx, { topic, key, since }: ReplayWish): Promise<Replayed> {
  const [row] = await writer.query<Replayed>(REPLAY, [topic, key ?? null, since ?? null]);
  return { rows: row?.rows ?? 0, records: row?.records ?? 0 };
}
