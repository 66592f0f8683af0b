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
