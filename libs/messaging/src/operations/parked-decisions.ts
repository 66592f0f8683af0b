import type { Database, Tx } from '@gateway/persistence';

/** A parked record as people see it: what it is about and why it waits, never its content. */
export interface ParkedRecord {
  id: string;
  topic: string;
  key: string;
  kind: string;
  reason: string;
  attempts: number;
  needs_person: boolean;
  parked_at: Date;
}

/** What people decide about a parked record. To drop one takes two of them. */
export interface ParkedDecision {
  id: bigint;
  decision: 'retry' | 'drop';
  reason: string;
  requestedBy: string;
  approvedBy?: string;
}

/** Thrown where a decision cannot be taken; the message says what to do. */
export class DecisionRefused extends Error {}

const LIST = `
  SELECT id::text, topic, key, kind, reason, attempts, needs_person, parked_at FROM parked
  ORDER BY needs_person DESC, id LIMIT $1`;

/** Locks the record and notes the decision in one statement. */
const DECIDE = `
  INSERT INTO parked_decision (grp, topic, key, record, decision, reason, requested_by, approved_by)
  SELECT grp, topic, key, record, $2, $3, $4, $5 FROM parked WHERE id = $1 FOR UPDATE
  RETURNING 1 AS noted`;

/** What waits before it. With it passed over, that would count as taken before, and be dropped unseen. */
const BEFORE_IT = `
  SELECT 1 FROM parked p JOIN parked e ON e.grp = p.grp AND e.topic = p.topic AND e.key = p.key
  WHERE p.id = $1 AND (e.incarnation, coalesce(e.sequence, 0), e.id) < (p.incarnation, coalesce(p.sequence, 0), p.id)
  LIMIT 1`;

const RETRY = `
  UPDATE parked SET needs_person = false, attempts = 0, due = clock_timestamp() WHERE id = $1 AND kind = 'failed'
  RETURNING 1 AS retried`;

/** The history goes on behind a dropped record, as if it had been taken; also where it was the first one. */
const PASS_OVER = `
  INSERT INTO history_position AS h (grp, topic, key, incarnation, sequence)
  SELECT grp, topic, key, incarnation, sequence FROM parked WHERE id = $1 AND sequence IS NOT NULL
  ON CONFLICT (grp, topic, key) DO UPDATE SET incarnation = excluded.incarnation, sequence = excluded.sequence
    WHERE (h.incarnation, h.sequence) < (excluded.incarnation, excluded.sequence)`;

/** What waits beside the stream, those that need a person first. */
export async function listParked(database: Tx, limit = 100): Promise<ParkedRecord[]> {
  return database.query<ParkedRecord>(LIST, [limit]);
}

/**
 * Has a parked record tried again, or dropped: then what waits behind it goes on. The decision is kept with its people
 * and reason.
 * @throws DecisionRefused
 */
export async function decideParked(database: Database, decision: ParkedDecision): Promise<void> {
  const { id, reason, requestedBy, approvedBy = null } = decision;
  if (decision.decision === 'drop' && (approvedBy === null || approvedBy === requestedBy))
    throw new DecisionRefused('Dropping a record needs a second person: name another one who approves it.');
  await database.transaction(async (tx) => {
    const noted = await tx.query(DECIDE, [id, decision.decision, reason, requestedBy, approvedBy]);
    if (noted.length === 0) throw new DecisionRefused(`No record with the number ${id} is parked here.`);
    if (decision.decision === 'retry') return requireRetried(await tx.query(RETRY, [id]));
    if ((await tx.query(BEFORE_IT, [id])).length > 0)
      throw new DecisionRefused('It waits behind an earlier record of its key: decide about that one first.');
    await tx.query(PASS_OVER, [id]);
    await tx.query('DELETE FROM parked WHERE id = $1', [id]);
  });
}

function requireRetried(rows: unknown[]): void {
  if (rows.length === 0)
    throw new DecisionRefused('It waits for an earlier record of its key: trying it again changes nothing.');
}
