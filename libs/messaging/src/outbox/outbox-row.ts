import type { WireRecord } from '../envelope/cloud-event';

/** A committed outbox row on its way to Kafka. */
export interface OutboxRow {
  id: bigint;
  createdAt: Date;
  topic: string;
  records: readonly WireRecord[];
}

/** Names a row; the time bounds let PostgreSQL look into the right partition only. */
export interface RowMark {
  id: bigint;
  createdAt: Date;
}
