import { Injectable } from '@nestjs/common';
import { NotificationsStore, type DueNotification } from '../outbound/notifications.store';
import type { Network } from './fault';

/** How one network sends: where and what it puts on the wire (an empty address is nobody), what it takes for an acknowledgement, and when it tries again. */
export interface NotificationChannel {
  request(notification: DueNotification): Promise<{ url: string; headers: Record<string, string>; body: string }>;
  isAcknowledged(status: number, body: string): boolean;
  /** Milliseconds before the second, third, ... attempt. */
  readonly retryAfterMs: readonly number[];
}

const SEND_TIMEOUT_MS = 10_000;
const ANSWER_KEPT = 200;
/** At most this many are on their way at once, so that one slow receiver does not hold up the others. */
const IN_FLIGHT = 64;

/** Sends due notifications, each signed at the moment of sending, until acknowledged or given up. */
@Injectable()
export class NotificationSender {
  private readonly channels = new Map<Network, NotificationChannel>();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private taking: Promise<void> | undefined;
  private again = false;

  constructor(private readonly store: NotificationsStore) {}

  use(network: Network, channel: NotificationChannel): void {
    this.channels.set(network, channel);
  }

  /** What is on its way is broken off; it stays due. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.taking;
    await Promise.all(this.inFlight);
  }

  /** Looks for due notifications now; called after every commit that may have made one, and by the timekeeper. */
  kick(): void {
    if (this.stopping.signal.aborted) return;
    if (this.taking) {
      this.again = true;
      return;
    }
    this.taking = this.takeDue()
      // The database may be away: the next poll looks again, and leases bring back what was taken.
      .catch(() => undefined)
      .finally(() => {
        this.taking = undefined;
        if (!this.again) return;
        this.again = false;
        this.kick();
      });
  }

  private async takeDue(): Promise<void> {
    const room = IN_FLIGHT - this.inFlight.size;
    if (room <= 0) return;
    for (const notification of await this.store.takeDue(room)) {
      const sending: Promise<void> = this.send(notification)
        .catch(() => undefined)
        .finally(() => {
          this.inFlight.delete(sending);
          this.kick();
        });
      this.inFlight.add(sending);
    }
  }

  private async send(notification: DueNotification): Promise<void> {
    const channel = this.channels.get(notification.network);
    if (!channel) return;
    const { acknowledged, answer } = await deliver(notification, channel, this.stopping.signal);
    if (acknowledged) return this.store.acknowledged(notification, answer);
    const next = channel.retryAfterMs[notification.attempts - 1] ?? null;
    await this.store.failed(notification, answer, next);
  }
}

async function deliver(
  notification: DueNotification,
  channel: NotificationChannel,
  stopping: AbortSignal,
): Promise<{ acknowledged: boolean; answer: string }> {
  try {
    const { url, headers, body } = await channel.request(notification);
    if (url === '') return { acknowledged: true, answer: 'nobody to tell' };
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(SEND_TIMEOUT_MS)]),
    });
    const text = await response.text();
    const answer = `${response.status} ${text.slice(0, ANSWER_KEPT)}`;
    return { acknowledged: channel.isAcknowledged(response.status, text), answer };
  } catch (error) {
    return { acknowledged: false, answer: error instanceof Error ? error.message : 'no answer' };
  }
}
