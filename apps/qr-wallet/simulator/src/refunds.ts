import { Injectable } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import { isId, readAmount, type Order } from './order';
import { BooksStore } from './outbound/books.store';
import { OrdersStore } from './outbound/orders.store';
import { RefundsStore, type Refund } from './outbound/refunds.store';
import { answered, refused, type Answer } from './reply';

/** QRPay gives money back for half a year. */
const REFUND_WINDOW_MS = 180 * 86_400_000;

/** Refunds of paid orders: whole or in parts, together at most what was paid. */
@Injectable()
export class Refunds {
  constructor(
    private readonly store: RefundsStore,
    private readonly orders: OrdersStore,
    private readonly books: BooksStore,
    private readonly ids: IdSource,
  ) {}

  async make(
    tx: Tx,
    { refund_id: refundId, order_id: orderId, amount: asked }: Record<string, unknown>,
  ): Promise<Answer> {
    const amount = readAmount(asked);
    if (!isId(refundId) || !isId(orderId) || amount === undefined) return refused(422, 'FIELD_INVALID');
    const order = await this.orders.find(tx, orderId);
    if (!order) return refused(404, 'ORDER_UNKNOWN');
    const known = await this.store.find(tx, refundId);
    if (known) {
      const same = known.orderId === orderId && known.amount === amount;
      return same ? answered(refundView(known)) : refused(409, 'REFUND_MISMATCH');
    }
    const now = await this.orders.now(tx);
    const reason = refusalOf(order, amount + (await this.store.refundedOf(tx, orderId)), now);
    const refund: Refund = {
      refundId,
      orderId,
      qrpayId: this.ids.next('qrf'),
      state: reason === null ? 'DONE' : 'REFUSED',
      reason,
      amount,
      currency: order.currency,
    };
    await this.store.add(tx, refund);
    if (reason === null) await this.books.record(tx, { ...refund, operation: 'refund', reference: refundId, at: now });
    return answered(refundView(refund));
  }

  async read(tx: Tx, refundId: string): Promise<Answer> {
    const refund = await this.store.find(tx, refundId);
    return refund ? answered(refundView(refund)) : refused(404, 'REFUND_UNKNOWN');
  }
}

function refusalOf(order: Order, together: bigint, now: Date): string | null {
  if (order.state !== 'PAID' || order.paidAt === null) return 'ORDER_NOT_PAID';
  if (now.getTime() >= order.paidAt.getTime() + REFUND_WINDOW_MS) return 'REFUND_TOO_LATE';
  return together > order.amount ? 'MORE_THAN_PAID' : null;
}

function refundView({ refundId, orderId, qrpayId, state, reason, amount, currency }: Refund): Record<string, unknown> {
  return {
    refund_id: refundId,
    order_id: orderId,
    qrpay_id: qrpayId,
    state,
    ...(reason !== null && { reason }),
    amount: { minor: amount.toString(), currency },
  };
}
