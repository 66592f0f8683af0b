import type { Tx } from '@gateway/persistence';

/** Who bears lost disputes of a partner, of a category or of all others (`*`), from when until when. */
export interface LiabilityTerm {
  partnerId: string;
  category: string;
  bearer: 'partner' | 'gateway';
  clause: string;
  from: Date;
  to: Date | null;
}

/** A term that one person asks for and another one decides. */
export interface LiabilityDecision extends LiabilityTerm {
  id: string;
  reason: string;
  requestedBy: string;
  state: 'requested' | 'approved' | 'rejected';
  decidedBy: string | null;
}

const TERM = `partner_id AS "partnerId", category, bearer, clause, valid_from AS "from", valid_to AS "to"`;
const DECISION = `decision_id AS id, ${TERM}, reason, requested_by AS "requestedBy", state, approved_by AS "decidedBy"`;

type Row<T> = T & Record<string, unknown>;

/** Reads and writes `dispute_liability` and what people decide about it. */
export class LiabilityRepository {
  async hasPartner(tx: Tx, partnerId: string): Promise<boolean> {
    return (await tx.query('SELECT 1 FROM partner WHERE partner_id = $1', [partnerId])).length === 1;
  }

  /** The terms of a partner, the latest first. */
  async termsOf(tx: Tx, partnerId: string): Promise<LiabilityTerm[]> {
    return tx.query<Row<LiabilityTerm>>(
      `SELECT ${TERM} FROM dispute_liability WHERE partner_id = $1 ORDER BY valid_from DESC, category`,
      [partnerId],
    );
  }

  /** What waits for a second person, oldest first. */
  async waitingOf(tx: Tx, partnerId: string): Promise<LiabilityDecision[]> {
    return tx.query<Row<LiabilityDecision>>(
      `SELECT ${DECISION} FROM liability_decision WHERE partner_id = $1 AND state = 'requested' ORDER BY decision_id`,
      [partnerId],
    );
  }

  /** @returns false where the same term begins at that moment already, or is asked for */
  async ask(tx: Tx, decision: LiabilityDecision, now: Date): Promise<boolean> {
    const { id, partnerId, category, bearer, clause, from, to, reason, requestedBy } = decision;
    const rows = await tx.query(
      `INSERT INTO liability_decision (decision_id, partner_id, category, bearer, clause, valid_from, valid_to, reason,
         requested_by, requested_at)
       SELECT $1, $2, $3, $4, $5, $6::timestamptz, $7::timestamptz, $8, $9, $10::timestamptz
       WHERE NOT EXISTS (
         SELECT 1 FROM dispute_liability WHERE partner_id = $2 AND category = $3 AND valid_from = $6::timestamptz)
       ON CONFLICT DO NOTHING RETURNING decision_id`,
      [id, partnerId, category, bearer, clause, from, to, reason, requestedBy, now],
    );
    return rows.length === 1;
  }

  async lock(tx: Tx, id: string): Promise<LiabilityDecision | null> {
    const [row] = await tx.query<Row<LiabilityDecision>>(
      `SELECT ${DECISION} FROM liability_decision WHERE decision_id = $1 FOR UPDATE`,
      [id],
    );
    return row ?? null;
  }

  /** Writes the verdict and, approved, the term. A database constraint refuses the person who asked. */
  async decide(tx: Tx, { id, state, decidedBy }: LiabilityDecision, now: Date): Promise<void> {
    await tx.query(
      `WITH decided AS (
         UPDATE liability_decision SET state = $2, approved_by = $3, decided_at = $4
         WHERE decision_id = $1 AND state = 'requested' RETURNING *)
       INSERT INTO dispute_liability (partner_id, category, valid_from, valid_to, bearer, clause)
       SELECT partner_id, category, valid_from, valid_to, bearer, clause FROM decided WHERE state = 'approved'`,
      [id, state, decidedBy, now],
    );
  }
}
