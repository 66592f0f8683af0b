import type { Gateway } from './gateway';

/** How many records over all topics name a payment: its own, and the audit of what was done to it. */
export async function recordsOf(gateway: Gateway, paymentId: string): Promise<Record<string, number>> {
  const byTopic: Record<string, number> = {};
  for (const service of gateway.messagingServices()) {
    const rows = await gateway.inDatabaseOf(service, (database) =>
      database.query<{ topic: string; records: bigint }>(
        `SELECT topic, count(*) AS records
         FROM outbox, regexp_split_to_table(records, '\\n') AS line
         WHERE line LIKE '{%' AND strpos(line, $1) > 0 GROUP BY topic`,
        [paymentId],
      ),
    );
    for (const { topic, records } of rows) byTopic[topic] = Number(records);
  }
  return byTopic;
}

/** One action as the audit log keeps it. */
export interface AuditedAction {
  service: string;
  action: string;
  actor: string;
  detail: Record<string, unknown>;
}

/** What the audit log keeps of a subject: service by service, each one's actions in the order in which it did them. */
export async function auditOf(gateway: Gateway, subjectId: string): Promise<AuditedAction[]> {
  const rows = await gateway.inDatabaseOf('compliance', (database) =>
    database.query<{
      service: string;
      actor: string;
      record: { action: string; detail?: Record<string, unknown> }[];
    }>('SELECT service, actor, record FROM audit_log WHERE subject_id = $1 ORDER BY service, sequence', [subjectId]),
  );
  return rows.flatMap(({ service, actor, record }) =>
    record.map(({ action, detail = {} }) => ({ service, action, actor, detail })),
  );
}
