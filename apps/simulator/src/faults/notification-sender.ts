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

const POLL_MS = 250;
const SEND_TIMEOUT_MS = 10_000;
const ANSWER_KEPT = 200;

/** Sends due notifications, each signed at the moment of sending, until acknowledged or given up. */
@Injectable()
export class NotificationSender {
  private readonly channels = new Map<Network, NotificationChannel>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;

  constructor(private readonly store: NotificationsStore) {}

  use(network: Network, channel: NotificationChannel): void {
    this.channels.set(network, channel);
  }

  start(): void {
    this.timer = setInterval(() => this.kick(), POLL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Looks for due notifications now; called after every commit that may have made one. */
  kick(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.drain()
      .catch(() => undefined)
      .finally(() => {
        this.running = undefined;
        if (this.again) {
          this.again = false;
          this.kick();
        }
      });
  }

  private async drain(): Promise<void> {
    const due = await this.store.takeDue();
    await Promise.all(due.map((notification) => this.send(notification)));
    if (due.length > 0) this.again = true;
  }

  private async send(notification: DueNotification): Promise<void> {
    const channel = this.channels.get(notification.network);
    if (!channel) return;
    const { acknowledged, answer } = await deliver(notification, channel);
    if (acknowledged) return this.store.acknowledged(notification, answer);
    const next = channel.retryAfterMs[notification.attempts - 1] ?? null;
    await this.store.failed(notification, answer, next);
  }
}

async function deliver(
  notification: DueNotification,
  channel: NotificationChannel,
): Promise<{ acknowledged: boolean; answer: string }> {
  try {
    const { url, headers, body } = await channel.request(notification);
    if (url === '') return { acknowledged: true, answer: 'nobody to tell' };
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
    const text = await response.text();
    const answer = `${response.status} ${text.slice(0, ANSWER_KEPT)}`;
    return { acknowledged: channel.isAcknowledged(response.status, text), answer };
  } catch (error) {
    return { acknowledged: false, answer: error instanceof Error ? error.message : 'no answer' };
  }
}
