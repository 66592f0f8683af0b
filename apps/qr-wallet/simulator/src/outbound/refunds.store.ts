import { Injectable } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';

/** One refund as QRPay keeps it. */
export interface Refund {
  readonly refundId: string;
  readonly orderId: string;
  readonly qrpayId: string;
  readonly state: 'DONE' | 'REFUSED';
  readonly reason: string | null;
  /** Minor units. */
  readonly amount: bigint;
  readonly currency: string;
}

interface RefundRow extends Pick<Refund, 'state' | 'reason' | 'amount' | 'currency'> {
  refund_id: string;
  order_id: string;
  qrpay_id: string;
}

/** Refunds; the order that they belong to is locked by whoever makes one. */
@Injectable()
export class RefundsStore {
  async find(tx: Tx, refundId: string): Promise<Refund | undefined> {
    const [row] = await tx.query<RefundRow>('SELECT * FROM qr_refund WHERE refund_id = $1', [refundId]);
    if (!row) return undefined;
    const { refund_id, order_id, qrpay_id, ...rest } = row;
    return { ...rest, refundId: refund_id, orderId: order_id, qrpayId: qrpay_id };
  }

  /** Minor units that went back already. */
  async refundedOf(tx: Tx, orderId: string): Promise<bigint> {
    const [row] = await tx.query<{ sum: string }>(
      `SELECT COALESCE(sum(amount), 0)::text AS sum FROM qr_refund WHERE order_id = $1 AND state = 'DONE'`,
      [orderId],
    );
    return BigInt(row?.sum ?? '0');
  }

  async add(tx: Tx, { refundId, orderId, qrpayId, state, reason, amount, currency }: Refund): Promise<void> {
    await tx.query(
      `INSERT INTO qr_refund (refund_id, order_id, qrpay_id, state, reason, amount, currency)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [refundId, orderId, qrpayId, state, reason, amount, currency],
    );
  }
}
