import type { Database } from '@gateway/persistence';
import type { IdSource } from '@gateway/platform';
import type { KafkaConnection } from '../kafka/kafka-connection';
import type { MessagingMetrics } from '../metrics';
import type { MessagingSettings } from '../settings';
import { AuditNumbering } from './audit-numbering';
import { KafkaOutboxTransactions } from './kafka-outbox-transactions';
import { PendingMarks } from './marks';
import { OutboxPublishing } from './outbox-publishing';
import { OutboxTable } from './outbox-table';
import { OutboxWriter } from './outbox-writer';
import { Publisher } from './publisher';

/** The writing half of messaging, put together once per process. */
export interface OutboxParts {
  marks: PendingMarks;
  table: OutboxTable;
  writer: OutboxWriter;
  publishing: OutboxPublishing;
  transactions: KafkaOutboxTransactions;
}

export function makeOutbox(
  settings: MessagingSettings,
  connection: KafkaConnection,
  database: Database,
  metrics: MessagingMetrics,
  ids: IdSource,
): OutboxParts {
  const marks = new PendingMarks();
  const table = new OutboxTable(database, settings.owner);
  const now = (): Date => new Date();
  const writer = new OutboxWriter(
    settings.owner,
    new AuditNumbering(settings.service),
    marks,
    () => ids.next('rec'),
    now,
  );
  const publishing: OutboxPublishing = new OutboxPublishing(settings, table, () => publisher, marks);
  const publisher = new Publisher(
    settings,
    connection,
    marks,
    metrics,
    (clusterId) => publishing.onCluster(clusterId),
    () => publishing.marksWait(),
  );
  const transactions = new KafkaOutboxTransactions(database, writer, marks, publishing);
  return { marks, table, writer, publishing, transactions };
}
