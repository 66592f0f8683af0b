import { auditOf, type AuditRecord } from '@gateway/contracts/audit.service.v1';
import type { Contract } from '@gateway/contracts/contract';
import type { Tx } from '@gateway/persistence';
import type { AuditEntry, OutboundRecord } from '../message';

/**
 * Locks the counters in bucket order and moves them in one statement: the inner SELECT takes the row locks in order,
 * the update then works on rows that are already ours.
 */
const TAKE_NUMBERS = `
  WITH wanted AS (SELECT bucket, taken FROM unnest($1::int[], $2::int[]) AS w (bucket, taken)),
  locked AS MATERIALIZED (SELECT bucket FROM audit_stream WHERE bucket = ANY ($1::int[]) ORDER BY bucket FOR UPDATE)
  UPDATE audit_stream s SET last_sequence = s.last_sequence + wanted.taken
  FROM wanted JOIN locked USING (bucket) WHERE s.bucket = wanted.bucket
  RETURNING s.bucket, s.last_sequence, s.incarnation`;

/**
 * Numbers what a transaction did within the streams (service, bucket). Called last, just before the outbox insert, so
 * that the counters of a service, which all its transactions share, are locked for the shortest time (docs/adr/0002).
 */
export class AuditNumbering {
  private readonly contract: Contract<AuditRecord>;

  constructor(private readonly service: string) {
    this.contract = auditOf(service);
  }

  async number(tx: Tx, entries: readonly AuditEntry[], time: string): Promise<OutboundRecord[]> {
    const perBucket = new Map<number, number>();
    for (const { bucket } of entries) perBucket.set(bucket, (perBucket.get(bucket) ?? 0) + 1);
    const buckets = [...perBucket.keys()].sort((a, b) => a - b);
    const rows = await tx.query<{ bucket: number; last_sequence: bigint; incarnation: number }>(
      TAKE_NUMBERS,
      [buckets, buckets.map((bucket) => perBucket.get(bucket))],
      'audit-take-numbers',
    );
    const next = new Map<number, { sequence: number; incarnation: number }>();
    for (const row of rows) {
      const sequence = Number(row.last_sequence) - perBucket.get(row.bucket)! + 1;
      next.set(row.bucket, { sequence, incarnation: row.incarnation });
    }
    return entries.map((entry) => this.record(entry, next.get(entry.bucket), time));
  }

  private record(
    entry: AuditEntry,
    place: { sequence: number; incarnation: number } | undefined,
    time: string,
  ): OutboundRecord {
    if (!place) throw new Error(`there is no audit bucket ${entry.bucket}`);
    const data: AuditRecord = {
      service: this.service,
      bucket: entry.bucket,
      sequence: place.sequence++,
      subject_id: entry.subjectId,
      ...(entry.partnerId === undefined ? {} : { partner_id: entry.partnerId }),
      actor: entry.actor,
      actions: entry.actions,
      at: time,
    };
    const { incarnation } = place;
    return { contract: this.contract, data, partition: entry.bucket, sequence: data.sequence, incarnation };
  }
}
