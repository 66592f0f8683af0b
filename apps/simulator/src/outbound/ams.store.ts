import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { AmsPayment, AmsRefund } from '../ams/ams-payment';

const COLUMNS = `payment_request_id, payment_id, fingerprint, request, scenario, account, amount, currency, refunded,
  status, result_code, plan, created_at, paid_at, cancelled_at, expires_at, completes_at`;

/** Collections and refunds of the cross-border API. */
@Injectable()
export class AmsStore {
  constructor(private readonly database: Database) {}

  /** False where the request id exists: of two requests at once, the second waits and then finds the first. */
  async insert(tx: Tx, payment: AmsPayment): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO ams_payment (${COLUMNS})
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
       ON CONFLICT (payment_request_id) DO NOTHING RETURNING payment_request_id`,
      [
        payment.payment_request_id,
        payment.payment_id,
        payment.fingerprint,
        payment.request,
        payment.scenario,
        payment.account,
        payment.amount,
        payment.currency,
        payment.refunded,
        payment.status,
        payment.result_code,
        payment.plan,
        payment.created_at,
        payment.paid_at,
        payment.cancelled_at,
        payment.expires_at,
        payment.completes_at,
      ],
      'ams_payment_insert',
    );
    return rows.length > 0;
  }

  async update(tx: Tx, payment: AmsPayment): Promise<void> {
    await tx.query(
      `UPDATE ams_payment SET refunded = $2, status = $3, result_code = $4, paid_at = $5, cancelled_at = $6,
         completes_at = $7 WHERE payment_request_id = $1`,
      [
        payment.payment_request_id,
        payment.refunded,
        payment.status,
        payment.result_code,
        payment.paid_at,
        payment.cancelled_at,
        payment.completes_at,
      ],
      'ams_payment_update',
    );
  }

  /** By our request id or by the network's payment id. */
  async lock(tx: Tx, id: string): Promise<AmsPayment | undefined> {
    const [row] = await tx.query<AmsPayment>(
      `SELECT ${COLUMNS} FROM ams_payment WHERE payment_request_id = $1 OR payment_id = $1 FOR UPDATE`,
      [id],
      'ams_payment_lock',
    );
    return row;
  }

  async find(id: string): Promise<AmsPayment | undefined> {
    const [row] = await this.database.query<AmsPayment>(
      `SELECT ${COLUMNS} FROM ams_payment WHERE payment_request_id = $1 OR payment_id = $1`,
      [id],
      'ams_payment_find',
    );
    return row;
  }

  /** Open orders whose life is over, and payments in process whose time has come. */
  async due(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT payment_request_id AS id FROM ams_payment
       WHERE status = 'PROCESSING' AND (expires_at <= clock_now() OR completes_at <= clock_now()) LIMIT 100`,
      [],
      'ams_payment_due',
    );
    return rows.map((row) => row.id);
  }

  async insertRefund(tx: Tx, refund: AmsRefund): Promise<void> {
    await tx.query(
      `INSERT INTO ams_refund (refund_request_id, refund_id, payment_request_id, amount, currency, refunded_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        refund.refund_request_id,
        refund.refund_id,
        refund.payment_request_id,
        refund.amount,
        refund.currency,
        refund.refunded_at,
      ],
      'ams_refund_insert',
    );
  }

  async findRefund(db: Tx | undefined, id: string): Promise<AmsRefund | undefined> {
    const [row] = await (db ?? this.database).query<AmsRefund>(
      `SELECT refund_request_id, refund_id, payment_request_id, amount, currency, refunded_at FROM ams_refund
       WHERE refund_request_id = $1 OR refund_id = $1`,
      [id],
      'ams_refund_find',
    );
    return row;
  }
}
