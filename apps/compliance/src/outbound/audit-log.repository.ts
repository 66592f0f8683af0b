import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import { AuditLog, type AuditGap, type StoredAuditRecord } from '../use-cases/audit-log';

/** The audit log in PostgreSQL: one statement per batch. */
@Injectable()
export class AuditLogRepository extends AuditLog {
  constructor(private readonly database: Database) {
    super();
  }

  async append(records: readonly StoredAuditRecord[], tx: Tx): Promise<void> {
    if (records.length === 0) return;
    const column = <K extends keyof StoredAuditRecord>(name: K): (StoredAuditRecord[K] | null)[] =>
      records.map((record) => record[name] ?? null);
    await tx.query(
      `INSERT INTO audit_log (service, bucket, incarnation, sequence, subject_id, partner_id, actor, at, record)
       SELECT * FROM unnest($1::text[], $2::smallint[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                            $8::timestamptz[], $9::jsonb[])
       ON CONFLICT DO NOTHING`,
      [
        column('service'),
        column('bucket'),
        column('incarnation'),
        column('sequence'),
        column('subject_id'),
        column('partner_id'),
        column('actor'),
        column('at'),
        records.map((record) => JSON.stringify(record.actions)),
      ],
      'audit_append',
    );
  }

  async gaps(): Promise<AuditGap[]> {
    const rows = await this.database.query<{ service: string; bucket: number; before: bigint; next: bigint }>(
      `SELECT service, bucket, before, next FROM (
         SELECT service, bucket, sequence AS next,
                coalesce(lag(sequence) OVER (PARTITION BY service, bucket, incarnation ORDER BY sequence), 0) AS before
         FROM audit_log) stream
       WHERE next > before + 1 ORDER BY service, bucket, next LIMIT 1000`,
    );
    return rows.map(({ service, bucket, before, next }) => ({
      service,
      bucket,
      missingFrom: Number(before) + 1,
      nextSequence: Number(next),
    }));
  }

  async count(): Promise<number> {
    const [row] = await this.database.query<{ count: bigint }>('SELECT count(*) FROM audit_log');
    return Number(row?.count ?? 0n);
  }
}
