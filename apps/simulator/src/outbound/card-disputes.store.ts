import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { CardDispute } from '../acquirer/card-dispute';

const COLUMNS = `id, payment_id, payment_reference, category, reason_code, amount, currency, status, evidence,
  evidence_required_by, received_on, last_update`;

/** Which disputes are listed. */
export interface DisputeQuery {
  readonly paymentId?: string;
  readonly paymentReference?: string;
  readonly statuses?: readonly string[];
  /** Changed since then, and until then. */
  readonly from?: Date;
  readonly to?: Date;
}

/** Disputes of the card acquirer. */
@Injectable()
export class CardDisputesStore {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, dispute: CardDispute): Promise<void> {
    await tx.query(
      `INSERT INTO card_dispute (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        dispute.id,
        dispute.payment_id,
        dispute.payment_reference,
        dispute.category,
        dispute.reason_code,
        dispute.amount,
        dispute.currency,
        dispute.status,
        dispute.evidence,
        dispute.evidence_required_by,
        dispute.received_on,
        dispute.last_update,
      ],
      'card_dispute_insert',
    );
  }

  /** Writes what can change: status and evidence. */
  async update(tx: Tx, { id, status, evidence, last_update }: CardDispute): Promise<void> {
    await tx.query(
      'UPDATE card_dispute SET status = $2, evidence = $3, last_update = $4 WHERE id = $1',
      [id, status, evidence, last_update],
      'card_dispute_update',
    );
  }

  async lock(tx: Tx, id: string): Promise<CardDispute | undefined> {
    const [row] = await tx.query<CardDispute & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM card_dispute WHERE id = $1 FOR UPDATE`,
      [id],
      'card_dispute_lock',
    );
    return row;
  }

  async find(id: string): Promise<CardDispute | undefined> {
    const [row] = await this.database.query<CardDispute & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM card_dispute WHERE id = $1`,
      [id],
      'card_dispute_find',
    );
    return row;
  }

  /** Last modified first, as the acquirer lists them; also inside of a transaction. */
  async list(query: DisputeQuery, limit: number, skip: number, tx: Tx = this.database): Promise<CardDispute[]> {
    return tx.query<CardDispute & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM card_dispute
       WHERE ($1::text IS NULL OR payment_id = $1) AND ($2::text IS NULL OR payment_reference = $2)
         AND ($3::text[] IS NULL OR status = ANY($3))
         AND ($4::timestamptz IS NULL OR last_update >= $4) AND ($5::timestamptz IS NULL OR last_update <= $5)
       ORDER BY last_update DESC, id DESC LIMIT $6 OFFSET $7`,
      [
        query.paymentId ?? null,
        query.paymentReference ?? null,
        query.statuses ?? null,
        query.from ?? null,
        query.to ?? null,
        limit,
        skip,
      ],
      'card_dispute_list',
    );
  }

  /** Ids of disputes that nobody has answered in time (business time). */
  async due(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM card_dispute WHERE status = 'evidence_required' AND evidence_required_by <= clock_now() LIMIT 100`,
      [],
      'card_dispute_due',
    );
    return rows.map((row) => row.id);
  }
}
