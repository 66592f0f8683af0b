import { Injectable } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';
import type { Answer, Source } from '../domain/decision';
import type { InstructionRecord } from '../domain/instruction-record';
import type { Claim } from '../wallet-network';
import { mutableRowOf, newRowOf, recordOf, type InstructionRow } from './instruction.row';

/** A record to be written; with `leaseMs`, whoever writes it acts on it for so long (machine time). */
export interface Written {
  record: InstructionRecord;
  leaseMs: number | null;
}

/** One piece of evidence, masked: kinds, codes, references and amounts only. */
export interface EvidenceItem {
  instructionId: string;
  source: Source | 'notification';
  lease: bigint | null;
  stale: boolean;
  answer: Answer | { kind: 'NOTIFIED'; notification: string; claim?: Claim['claim']; says?: Claim['fields'] };
}

const COLUMNS = `i.*, (SELECT t.state FROM instruction t WHERE i.operation = 'release' AND t.instruction_id = i.target_id) AS target_state`;

const NEW_COLUMNS = `payment_id text, partner_id text, partition smallint, operation text, amount bigint, currency text,
  purpose text, bop_code text, instrument_id text, target_id text, not_after timestamptz, traceparent text, dispute jsonb`;
const MUTABLE_COLUMNS = `instruction_id text, state text, attempt integer, in_doubt boolean, enquiries integer,
  plan_start timestamptz, due timestamptz, undo jsonb, released_by text, nudged_at timestamptz, needs_person boolean,
  network_reference text, processed_amount bigint, processed_at timestamptz, first_sent_at timestamptz,
  version integer, outcome jsonb, contradiction jsonb, heard jsonb, lease_ms integer, ended_lease boolean`;

const names = (columns: string): string[] => columns.split(',').map((column) => column.trim().split(' ')[0] ?? '');
const INSERTED = [...names(NEW_COLUMNS), ...names(MUTABLE_COLUMNS).slice(0, -2)];
const UPDATED = names(MUTABLE_COLUMNS).slice(1, -2);

/** The business clock is asked once: as the column's default it would be asked for every row. */
const INSERT = `
  INSERT INTO instruction (${INSERTED.join(', ')}, created_at, lease, lease_until)
  SELECT ${INSERTED.map((column) => `r.${column}`).join(', ')}, (SELECT clock_now()),
    CASE WHEN r.lease_ms IS NULL THEN 0 ELSE nextval('lease_number') END,
    CASE WHEN r.lease_ms IS NULL THEN '-infinity' ELSE clock_timestamp() + r.lease_ms * interval '1 millisecond' END
  FROM json_to_recordset($1::json) AS r (${NEW_COLUMNS}, ${MUTABLE_COLUMNS})
  ORDER BY r.instruction_id
  ON CONFLICT DO NOTHING
  RETURNING instruction_id, lease`;

/** Every write takes a new lease number, so that an answer under an older one is known to be stale. */
const UPDATE = `
  UPDATE instruction AS i SET ${UPDATED.map((column) => `${column} = r.${column}`).join(', ')},
    lease = CASE WHEN r.lease_ms IS NULL AND NOT r.ended_lease THEN i.lease ELSE nextval('lease_number') END,
    lease_until = CASE WHEN r.lease_ms IS NOT NULL THEN clock_timestamp() + r.lease_ms * interval '1 millisecond'
                       WHEN r.ended_lease THEN '-infinity' ELSE i.lease_until END
  FROM json_to_recordset($1::json) AS r (${MUTABLE_COLUMNS})
  WHERE i.instruction_id = r.instruction_id
  RETURNING i.instruction_id, i.lease`;

/** The instruction table of one wallet network. Locks are taken in the order of ids, everywhere. */
@Injectable()
export class InstructionRepository {
  /** Business time of this transaction in ms (`clock_now()`). */
  async nowMs(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ now: Date }>('SELECT clock_now() AS now', [], 'wallet-now');
    return row!.now.getTime();
  }

  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, InstructionRecord>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<InstructionRow>(
      `SELECT ${COLUMNS} FROM instruction i WHERE i.instruction_id = ANY($1) ORDER BY i.instruction_id FOR UPDATE OF i`,
      [ids],
      'wallet-lock',
    );
    return new Map(rows.map((row) => [row.instruction_id, recordOf(row)]));
  }

  /** Reads without locking: what a call needs to know of its target. */
  async read(tx: Tx, ids: readonly string[]): Promise<Map<string, InstructionRecord>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<InstructionRow>(
      `SELECT ${COLUMNS} FROM instruction i WHERE i.instruction_id = ANY($1)`,
      [ids],
      'wallet-read',
    );
    return new Map(rows.map((row) => [row.instruction_id, recordOf(row)]));
  }

  /**
   * Whether a claim would find something, as far as can be seen without locks. The order is what makes it one look into
   * the index: without it PostgreSQL expects to meet a due row at once and reads the whole table when there is none.
   */
  async isAnyDue(reader: Tx): Promise<boolean> {
    const rows = await reader.query(
      'SELECT 1 FROM instruction WHERE due <= clock_now() AND lease_until < clock_timestamp() ORDER BY due LIMIT 1',
      [],
      'wallet-any-due',
    );
    return rows.length > 0;
  }

  /** What is due and free, locked; another process's claims are skipped. */
  async lockDue(tx: Tx, limit: number): Promise<InstructionRecord[]> {
    const rows = await tx.query<InstructionRow>(
      `SELECT ${COLUMNS} FROM instruction i
       WHERE i.due <= clock_now() AND i.lease_until < clock_timestamp()
       ORDER BY i.due LIMIT $1 FOR UPDATE OF i SKIP LOCKED`,
      [limit],
      'wallet-due',
    );
    return rows.map(recordOf);
  }

  /** Inserts what is new; gives back the lease numbers of those that were. */
  async insert(tx: Tx, items: readonly Written[]): Promise<Map<string, bigint>> {
    return this.write(tx, INSERT, 'wallet-insert', items, newRowOf);
  }

  /** Writes locked rows. A lease in force stays unless the row is leased anew or `endsLease` names it. */
  async update(tx: Tx, items: readonly Written[], endsLease: ReadonlySet<string>): Promise<Map<string, bigint>> {
    return this.write(tx, UPDATE, 'wallet-update', items, (record) => ({
      ...mutableRowOf(record),
      ended_lease: endsLease.has(record.instructionId),
    }));
  }

  /** Gives tombstones the operation, amount and instrument of the command that they have refused. */
  async fulfilTombstones(tx: Tx, records: readonly InstructionRecord[]): Promise<void> {
    for (const { instructionId, operation, asked, instrumentId, notAfterMs } of records) {
      const notAfter = notAfterMs === null ? null : new Date(notAfterMs);
      await tx.query(
        `UPDATE instruction SET operation = $2, amount = $3, currency = $4, instrument_id = $5, not_after = $6
         WHERE instruction_id = $1`,
        [instructionId, operation, asked.amount, asked.currency, instrumentId, notAfter],
        'wallet-tombstone',
      );
    }
  }

  async addEvidence(tx: Tx, items: readonly EvidenceItem[]): Promise<void> {
    if (items.length === 0) return;
    const rows = items.map(({ instructionId, source, lease, stale, answer }) => ({
      instruction_id: instructionId,
      source,
      lease: lease?.toString() ?? null,
      stale,
      answer,
    }));
    await tx.query(
      `INSERT INTO instruction_evidence (instruction_id, source, lease, stale, answer)
       SELECT instruction_id, source, lease, stale, answer FROM json_to_recordset($1::json)
         AS r (instruction_id text, source text, lease bigint, stale boolean, answer jsonb)`,
      [JSON.stringify(rows)],
      'wallet-evidence',
    );
  }

  private async write(
    tx: Tx,
    statement: string,
    name: string,
    items: readonly Written[],
    rowOf: (record: InstructionRecord) => Record<string, unknown>,
  ): Promise<Map<string, bigint>> {
    if (items.length === 0) return new Map();
    const rows = items.map(({ record, leaseMs }) => ({ ...rowOf(record), lease_ms: leaseMs }));
    const written = await tx.query<{ instruction_id: string; lease: bigint }>(statement, [JSON.stringify(rows)], name);
    return new Map(written.map(({ instruction_id, lease }) => [instruction_id, lease]));
  }
}
