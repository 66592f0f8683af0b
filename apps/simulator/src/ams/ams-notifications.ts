import { Injectable } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';
import { CONTRADICTED_AFTER_MS } from '../faults/fault';
import type { NotificationChannel } from '../faults/notification-sender';
import { AlipayKeyStore } from '../open-platform/alipay-keys';
import { NotificationsStore, type DueNotification } from '../outbound/notifications.store';
import { SimulatorConfig } from '../simulator.config';
import { parseObject, textAt } from '../wire/fields';
import { paymentNotification, type AmsPayment } from './ams-payment';
import { signatureHeader } from './ams-signature';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** `notifyPayment`: a signed request to our paymentNotifyUrl, up to eight times within a day. */
@Injectable()
export class AmsNotifications implements NotificationChannel {
  readonly retryAfterMs = [
    2 * MINUTE_MS,
    10 * MINUTE_MS,
    10 * MINUTE_MS,
    HOUR_MS,
    2 * HOUR_MS,
    6 * HOUR_MS,
    15 * HOUR_MS,
  ];

  constructor(
    private readonly notifications: NotificationsStore,
    private readonly keys: AlipayKeyStore,
    private readonly config: SimulatorConfig,
  ) {}

  async tell(tx: Tx, payment: AmsPayment): Promise<void> {
    const url = textAt(payment.request, 'paymentNotifyUrl');
    const { notify } = payment.plan;
    const says = notify.contradicted ? [false, true] : [false];
    for (const contradicting of says) {
      const body = JSON.stringify(paymentNotification(payment, contradicting));
      const content = { body, ...(url !== undefined && { url }) };
      const plan = contradicting ? { ...notify, delayMs: CONTRADICTED_AFTER_MS } : notify;
      await this.notifications.enqueue(tx, 'ams', payment.payment_request_id, content, plan);
    }
  }

  async request(
    notification: DueNotification,
  ): Promise<{ url: string; headers: Record<string, string>; body: string }> {
    const { amsClientId, amsServerKey } = await this.keys.get();
    const { body, badSignature } = notification.content;
    const url = notification.content.url ?? this.config.notificationUrl('alipay');
    const { pathname, search } = new URL(url);
    const time = String(notification.now.getTime());
    const message = {
      path: `${pathname}${search}`,
      clientId: amsClientId,
      time,
      body: badSignature ? `${body} ` : body,
    };
    return {
      url,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': amsClientId,
        'request-time': time,
        signature: signatureHeader(message, amsServerKey),
      },
      body,
    };
  }

  isAcknowledged(status: number, body: string): boolean {
    return status === 200 && textAt(parseObject(body), 'result.resultStatus') === 'S';
  }
}
