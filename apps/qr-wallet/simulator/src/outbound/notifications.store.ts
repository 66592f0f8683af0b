import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import type { Order } from '../order';

/** One notification that is due. */
export interface DueNotification {
  readonly id: bigint;
  readonly url: string;
  readonly body: string;
}

/** After the first attempt; then it is given up. */
const RETRY_AFTER_S = [5, 30, 120, 600];

const TAKE = `
  UPDATE notification SET attempts = attempts + 1,
    done = attempts >= $2,
    due = clock_now() + COALESCE(($3::int[])[attempts + 1], 0) * interval '1 second'
  WHERE id IN (SELECT id FROM notification WHERE NOT done AND due <= clock_now() ORDER BY due LIMIT $1
               FOR UPDATE SKIP LOCKED)
  RETURNING id, url, body`;

/** What the merchant is still to be told. */
@Injectable()
export class NotificationsStore {
  constructor(
    private readonly database: Database,
    private readonly ids: IdSource,
  ) {}

  /** Tells of an order's new state, in the transaction that changed it. */
  async add(tx: Tx, { orderId, state, notifyUrl }: Order, now: Date): Promise<void> {
    const eventId = this.ids.next('qev');
    const body = JSON.stringify({ event_id: eventId, order_id: orderId, state, occurred_at: now.toISOString() });
    await tx.query('INSERT INTO notification (event_id, order_id, url, body, due) VALUES ($1, $2, $3, $4, $5)', [
      eventId,
      orderId,
      notifyUrl,
      body,
      now,
    ]);
  }

  /** Takes what is due; it comes again after a while unless it is acknowledged. */
  async takeDue(most: number): Promise<DueNotification[]> {
    return this.database.query(TAKE, [most, RETRY_AFTER_S.length, RETRY_AFTER_S]);
  }

  async acknowledged(id: bigint): Promise<void> {
    await this.database.query('UPDATE notification SET done = true WHERE id = $1', [id]);
  }
}
