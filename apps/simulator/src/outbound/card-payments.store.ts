import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { CardAction, CardPayment } from '../acquirer/card-payment';

const COLUMNS = `id, kind, reference, request, requested, authorised, captured, voided, refunded, returned, currency,
  status, response_code, auth_code, card, plan, requested_at, hold_expires_at, completes_at`;

/** Payments and actions of the card acquirer. */
@Injectable()
export class CardPaymentsStore {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, payment: CardPayment): Promise<void> {
    await tx.query(
      `INSERT INTO card_payment (${COLUMNS})
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
      [
        payment.id,
        payment.kind,
        payment.reference,
        payment.request,
        payment.requested,
        payment.authorised,
        payment.captured,
        payment.voided,
        payment.refunded,
        payment.returned,
        payment.currency,
        payment.status,
        payment.response_code,
        payment.auth_code,
        payment.card,
        payment.plan,
        payment.requested_at,
        payment.hold_expires_at,
        payment.completes_at,
      ],
      'card_payment_insert',
    );
  }

  /** Writes what can change: sums, status, response, plan and completion. */
  async update(tx: Tx, payment: CardPayment): Promise<void> {
    await tx.query(
      `UPDATE card_payment SET authorised = $2, captured = $3, voided = $4, refunded = $5, returned = $6, status = $7,
         response_code = $8, plan = $9, completes_at = $10, hold_expires_at = $11 WHERE id = $1`,
      [
        payment.id,
        payment.authorised,
        payment.captured,
        payment.voided,
        payment.refunded,
        payment.returned,
        payment.status,
        payment.response_code,
        payment.plan,
        payment.completes_at,
        payment.hold_expires_at,
      ],
      'card_payment_update',
    );
  }

  async addAction(tx: Tx, action: CardAction): Promise<void> {
    await tx.query(
      `INSERT INTO card_action (id, payment_id, type, amount, approved, response_code, reference, processed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        action.id,
        action.payment_id,
        action.type,
        action.amount,
        action.approved,
        action.response_code,
        action.reference,
        action.processed_at,
      ],
      'card_action_insert',
    );
  }

  async lock(tx: Tx, id: string): Promise<CardPayment | undefined> {
    const [row] = await tx.query<CardPayment>(
      `SELECT ${COLUMNS} FROM card_payment WHERE id = $1 FOR UPDATE`,
      [id],
      'card_payment_lock',
    );
    return row;
  }

  async find(id: string): Promise<CardPayment | undefined> {
    const [row] = await this.database.query<CardPayment>(
      `SELECT ${COLUMNS} FROM card_payment WHERE id = $1`,
      [id],
      'card_payment_find',
    );
    return row;
  }

  async findByReference(reference: string, limit: number, skip: number): Promise<CardPayment[]> {
    return this.database.query<CardPayment>(
      `SELECT ${COLUMNS} FROM card_payment WHERE reference = $1 ORDER BY requested_at DESC, id DESC LIMIT $2 OFFSET $3`,
      [reference, limit, skip],
      'card_payment_by_reference',
    );
  }

  /** The id of the payment that was acted on under this reference. */
  async findByAction(reference: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ payment_id: string }>(
      'SELECT payment_id FROM card_action WHERE reference = $1 AND approved ORDER BY position DESC LIMIT 1',
      [reference],
    );
    return row?.payment_id;
  }

  /** Latest first, as the acquirer lists them. */
  async actionsOf(paymentId: string): Promise<CardAction[]> {
    return this.database.query<CardAction>(
      `SELECT id, payment_id, type, amount, approved, response_code, reference, processed_at
       FROM card_action WHERE payment_id = $1 ORDER BY position DESC`,
      [paymentId],
      'card_action_list',
    );
  }

  /** Ids of payments whose pending time or hold is over (business time). */
  async due(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM card_payment WHERE completes_at <= clock_now()
       UNION SELECT id FROM card_payment WHERE status = 'Authorized' AND hold_expires_at <= clock_now() LIMIT 100`,
      [],
      'card_payment_due',
    );
    return rows.map((row) => row.id);
  }
}
