import { Injectable } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import {
  asOf,
  canCancel,
  firstStateOf,
  isId,
  isIdFree,
  orderView,
  readOrderRequest,
  type Order,
  type OrderRequest,
} from './order';
import { BooksStore } from './outbound/books.store';
import type { Fault } from './outbound/faults.store';
import { NotificationsStore } from './outbound/notifications.store';
import { OrdersStore } from './outbound/orders.store';
import { answered, refused, type Answer } from './reply';

/** What the person with the app does with an order that waits. */
export type PayerAnswer = 'confirm' | 'refuse';

const UNKNOWN = refused(404, 'ORDER_UNKNOWN');

/** Orders: made, read, confirmed by the payer, cancelled. Everything of one request in one transaction. */
@Injectable()
export class Orders {
  constructor(
    private readonly store: OrdersStore,
    private readonly books: BooksStore,
    private readonly notifications: NotificationsStore,
    private readonly ids: IdSource,
  ) {}

  async make(tx: Tx, body: Record<string, unknown>, fault?: Pick<Fault, 'behaviour' | 'params'>): Promise<Answer> {
    const request = readOrderRequest(body);
    if (request === undefined) return refused(422, 'FIELD_INVALID');
    const now = await this.store.now(tx);
    const known = await this.store.find(tx, request.orderId);
    if (known && !isIdFree(known, now)) {
      const same = known.fingerprint === request.fingerprint;
      return same ? answered(orderView(asOf(known, now))) : refused(409, 'ORDER_MISMATCH');
    }
    const made = this.newOrder(request, now, fault);
    if (made.state === 'WAITING') await this.store.save(tx, made);
    else await this.change(tx, made, now);
    return answered(orderView(made));
  }

  async read(tx: Tx, orderId: string): Promise<Answer> {
    const order = await this.store.find(tx, orderId);
    return order ? answered(orderView(asOf(order, await this.store.now(tx)))) : UNKNOWN;
  }

  /** Undoes what was taken, and ends what waits. A cancel of what is cancelled changes nothing. */
  async cancel(tx: Tx, orderId: string, cancelId: unknown): Promise<Answer> {
    if (!isId(cancelId)) return refused(422, 'FIELD_INVALID');
    const found = await this.store.find(tx, orderId);
    if (!found) return UNKNOWN;
    const now = await this.store.now(tx);
    const order = asOf(found, now);
    if (order.state === 'CANCELLED') return answered(orderView(order));
    const can = canCancel(order, now);
    if (can !== 'yes') return refused(409, can === 'too_late' ? 'CANCEL_TOO_LATE' : 'ORDER_FINAL');
    if (order.state === 'PAID') await this.move(tx, order, 'cancel', cancelId, now);
    const cancelled: Order = { ...order, state: 'CANCELLED' };
    await this.change(tx, cancelled, now);
    return answered(orderView(cancelled));
  }

  /** The payer scanned the code, or confirmed in the app. Undefined where no such order waits. */
  async payerAnswers(tx: Tx, orderId: string, answer: PayerAnswer): Promise<Order | undefined> {
    const found = await this.store.find(tx, orderId);
    const now = await this.store.now(tx);
    if (!found || asOf(found, now).state !== 'WAITING') return undefined;
    const decided: Order =
      answer === 'confirm'
        ? { ...found, state: 'PAID', paidAt: now }
        : { ...found, state: 'REFUSED', reason: 'PAYER_REFUSED' };
    await this.change(tx, decided, now);
    return decided;
  }

  private newOrder(request: OrderRequest, now: Date, fault?: Pick<Fault, 'behaviour' | 'params'>): Order {
    const first =
      fault?.behaviour === 'decline'
        ? ({ state: 'REFUSED', reason: fault.params.code ?? 'NOT_ENOUGH_FUNDS' } as const)
        : firstStateOf(request);
    return {
      orderId: request.orderId,
      qrpayId: this.ids.next('qor'),
      ...first,
      amount: fault?.behaviour === 'other_amount' ? (request.amount + 1n) / 2n : request.amount,
      currency: 'USD',
      presented: request.presented,
      notifyUrl: request.notifyUrl,
      fingerprint: request.fingerprint,
      madeAt: now,
      validUntil: new Date(now.getTime() + request.validMs),
      paidAt: first.state === 'PAID' ? now : null,
    };
  }

  /** Saves a state that the merchant is told of; what is paid is in the books from then on. */
  private async change(tx: Tx, order: Order, now: Date): Promise<void> {
    await this.store.save(tx, order);
    if (order.state === 'PAID') await this.move(tx, order, 'pay', order.orderId, now);
    await this.notifications.add(tx, order, now);
  }

  private async move(tx: Tx, order: Order, operation: 'pay' | 'cancel', reference: string, at: Date): Promise<void> {
    const { qrpayId, amount, currency } = order;
    await this.books.record(tx, { operation, reference, qrpayId, amount, currency, at });
  }
}
