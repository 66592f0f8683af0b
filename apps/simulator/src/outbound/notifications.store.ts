import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { Network, NotifyPlan } from '../faults/fault';

/** What is to be said and to whom; signed anew at every attempt. */
export interface NotificationContent {
  /** Absent where the network has one configured address. */
  readonly url?: string;
  /** JSON text or form fields, as the network's channel wants it. */
  readonly body: string;
  readonly badSignature?: boolean;
}

export interface DueNotification {
  readonly id: bigint;
  readonly network: Network;
  readonly reference: string;
  readonly content: NotificationContent;
  readonly attempts: number;
  readonly copies_left: number;
  readonly now: Date;
}

const LEASE_S = 30;

/** Notifications that the networks owe us. A lease keeps two processes from sending the same attempt. */
@Injectable()
export class NotificationsStore {
  constructor(private readonly database: Database) {}

  /** In the transaction of the change that it tells of; a plan of no copies stores nothing. */
  async enqueue(
    tx: Tx,
    network: Network,
    reference: string,
    content: NotificationContent,
    plan: NotifyPlan,
  ): Promise<void> {
    if (plan.copies < 1) return;
    const signed = plan.badSignature ? { ...content, badSignature: true } : content;
    await tx.query(
      `INSERT INTO notification (network, reference, content, due, copies_left)
       VALUES ($1, $2, $3, clock_now() + $4 * interval '1 millisecond', $5)`,
      [network, reference, signed, plan.delayMs, plan.copies],
      'notification_insert',
    );
  }

  async add(network: Network, reference: string, content: NotificationContent, plan: NotifyPlan): Promise<void> {
    await this.enqueue(this.database, network, reference, content, plan);
  }

  async takeDue(most: number): Promise<DueNotification[]> {
    return this.database.query<DueNotification>(
      `UPDATE notification SET lease_until = clock_timestamp() + interval '${LEASE_S} seconds', attempts = attempts + 1
       WHERE id IN (SELECT id FROM notification
         WHERE state = 'open' AND due <= clock_now() AND lease_until < clock_timestamp()
         ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id, network, reference, content, attempts, copies_left, clock_now() AS now`,
      [most],
      'notification_take',
    );
  }

  /** The receiver acknowledged: the next copy is due at once, or the notification is done. */
  async acknowledged(notification: DueNotification, answer: string): Promise<void> {
    const done = notification.copies_left <= 1;
    await this.database.query(
      `UPDATE notification SET copies_left = copies_left - 1, attempts = 0, lease_until = '-infinity', last_answer = $2,
         state = $3 WHERE id = $1`,
      [notification.id, answer, done ? 'acknowledged' : 'open'],
    );
  }

  /** It was not acknowledged: the next attempt by the network's schedule, or never again. */
  async failed(notification: DueNotification, answer: string, nextInMs: number | null): Promise<void> {
    await this.database.query(
      `UPDATE notification SET lease_until = '-infinity', last_answer = $2, state = $3,
         due = clock_now() + $4 * interval '1 millisecond' WHERE id = $1`,
      [notification.id, answer, nextInMs === null ? 'given_up' : 'open', nextInMs ?? 0],
    );
  }

  async list(reference: string): Promise<Record<string, unknown>[]> {
    return this.database.query(
      `SELECT id::text, network, reference, due, attempts, copies_left, state, last_answer, content->>'body' AS body
       FROM notification WHERE $1 = '' OR reference = $1 OR starts_with(reference, $1 || '-') ORDER BY notification.id LIMIT 500`,
      [reference],
    );
  }
}
