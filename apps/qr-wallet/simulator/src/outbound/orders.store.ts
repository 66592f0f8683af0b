import { Injectable } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';
import type { Order } from '../order';

interface OrderRow extends Pick<Order, 'state' | 'reason' | 'amount' | 'currency' | 'presented' | 'fingerprint'> {
  order_id: string;
  qrpay_id: string;
  notify_url: string;
  made_at: Date;
  valid_until: Date;
  paid_at: Date | null;
}

const SAVE = `
  INSERT INTO qr_order (order_id, qrpay_id, state, reason, amount, currency, presented, notify_url, fingerprint,
                        made_at, valid_until, paid_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (order_id) DO UPDATE SET
    qrpay_id = EXCLUDED.qrpay_id, state = EXCLUDED.state, reason = EXCLUDED.reason, amount = EXCLUDED.amount,
    presented = EXCLUDED.presented, notify_url = EXCLUDED.notify_url, fingerprint = EXCLUDED.fingerprint,
    made_at = EXCLUDED.made_at, valid_until = EXCLUDED.valid_until, paid_at = EXCLUDED.paid_at`;

/** Orders, each locked for the transaction that reads it, whether it exists yet or not. */
@Injectable()
export class OrdersStore {
  async now(tx: Tx): Promise<Date> {
    const [row] = await tx.query<{ now: Date }>('SELECT clock_now() AS now');
    return row!.now;
  }

  async find(tx: Tx, orderId: string): Promise<Order | undefined> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [orderId]);
    const [row] = await tx.query<OrderRow>('SELECT * FROM qr_order WHERE order_id = $1', [orderId]);
    return row && orderOf(row);
  }

  async save(tx: Tx, order: Order): Promise<void> {
    await tx.query(SAVE, [
      order.orderId,
      order.qrpayId,
      order.state,
      order.reason,
      order.amount,
      order.currency,
      order.presented,
      order.notifyUrl,
      order.fingerprint,
      order.madeAt,
      order.validUntil,
      order.paidAt,
    ]);
  }
}

function orderOf({ order_id, qrpay_id, notify_url, made_at, valid_until, paid_at, ...row }: OrderRow): Order {
  return {
    ...row,
    orderId: order_id,
    qrpayId: qrpay_id,
    notifyUrl: notify_url,
    madeAt: made_at,
    validUntil: valid_until,
    paidAt: paid_at,
  };
}
