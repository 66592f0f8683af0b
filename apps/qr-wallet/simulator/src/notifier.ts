import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { KeysStore } from './outbound/keys.store';
import { NotificationsStore, type DueNotification } from './outbound/notifications.store';
import { endSilence } from './reply';
import { requestText, signedBy } from './signatures';

/** Only repeats are looked for: what is new is sent after the commit that made it. */
const POLL_MS = 2_000;
const SEND_TIMEOUT_MS = 5_000;
const AT_ONCE = 16;

/** Tells the merchant of changed orders, each notification signed at the moment of sending. */
@Injectable()
export class Notifier implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly store: NotificationsStore,
    private readonly keys: KeysStore,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.kick(), POLL_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    endSilence();
    await this.sending;
  }

  /** Looks for due notifications now. The database may be away: the next look finds what this one did not. */
  kick(): void {
    if (this.stopping.signal.aborted) return;
    if (this.sending) {
      this.again = true;
      return;
    }
    this.sending = this.sendDue()
      .catch(() => undefined)
      .finally(() => {
        this.sending = undefined;
        if (!this.again) return;
        this.again = false;
        this.kick();
      });
  }

  private async sendDue(): Promise<void> {
    const due = await this.store.takeDue(AT_ONCE);
    await Promise.all(due.map((notification) => this.send(notification).catch(() => undefined)));
  }

  private async send({ id, url, body }: DueNotification): Promise<void> {
    const { merchant_id: merchant } = await this.keys.get();
    const time = new Date().toISOString();
    const { pathname, search } = new URL(url);
    const text = requestText({ method: 'POST', path: `${pathname}${search}`, merchant, time }, body);
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]),
      headers: {
        'content-type': 'application/json',
        'qrpay-merchant': merchant,
        'qrpay-timestamp': time,
        'qrpay-signature': signedBy(await this.keys.signingKey(), text),
      },
    });
    await response.body?.cancel();
    if (response.status === 200) await this.store.acknowledged(id);
  }
}
