import type { Tx } from '@gateway/persistence';
import type { Refund } from '../domain/refund/refund';
import { REFUND_COLUMNS, refundOf, type RefundRow } from './refund.row';

/** A refund whose money is owed to the payer, and what people have asked for about it. */
export interface OwedRefund {
  refund: Refund;
  /** The open decision's id; null where nobody has asked for anything. */
  decision: string | null;
}

const OWED = `
  SELECT ${REFUND_COLUMNS}, d.decision_id FROM refund r
  LEFT JOIN refund_decision d ON d.refund_id = r.refund_id AND d.verdict IS NULL
  WHERE r.state = 'OWED' AND ($1::text IS NULL OR r.refund_id > $1) ORDER BY r.refund_id LIMIT $2`;

/** Reads refunds for partners and operators; takes no lock. */
export class RefundReader {
  async find(tx: Tx, refundId: string): Promise<Refund | null> {
    const [row] = await tx.query<RefundRow & Record<string, unknown>>(
      `SELECT ${REFUND_COLUMNS} FROM refund r WHERE r.refund_id = $1`,
      [refundId],
      'refund_read',
    );
    return row === undefined ? null : refundOf(row);
  }

  async all(tx: Tx, paymentId: string): Promise<Refund[]> {
    const sql = `SELECT ${REFUND_COLUMNS} FROM refund r WHERE r.payment_id = $1 ORDER BY r.refund_id`;
    return (await tx.query<RefundRow & Record<string, unknown>>(sql, [paymentId], 'refunds_of_payment')).map(refundOf);
  }

  /** One more than the limit where there are more, oldest first. */
  async owed(tx: Tx, after: string | null, limit: number): Promise<OwedRefund[]> {
    type Row = RefundRow & { decision_id: string | null } & Record<string, unknown>;
    const rows = await tx.query<Row>(OWED, [after, limit + 1], 'refunds_owed');
    return rows.map((row) => ({ refund: refundOf(row), decision: row.decision_id }));
  }

  /** One more than the limit where there are more, newest first. */
  async page(tx: Tx, paymentId: string, startingAfter: string | null, limit: number): Promise<Refund[]> {
    const rows = await tx.query<RefundRow & Record<string, unknown>>(
      `SELECT ${REFUND_COLUMNS} FROM refund r
        WHERE r.payment_id = $1 AND ($2::text IS NULL OR r.refund_id < $2) ORDER BY r.refund_id DESC LIMIT $3`,
      [paymentId, startingAfter, limit + 1],
      'refund_page',
    );
    return rows.map(refundOf);
  }
}
