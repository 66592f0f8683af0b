import { Injectable } from '@nestjs/common';
import { IdSource } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import { CONTRADICTED_AFTER_MS } from '../faults/fault';
import type { NotificationChannel } from '../faults/notification-sender';
import { NotificationsStore, type DueNotification } from '../outbound/notifications.store';
import { signRsa } from '../pki/rsa';
import { SimulatorConfig } from '../simulator.config';
import { plainInChina } from '../wire/china-time';
import { textAt } from '../wire/fields';
import { AlipayKeyStore } from './alipay-keys';
import { contentToSign } from './gateway-message';
import { yuanOf, type Transfer } from './transfer';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** `alipay.fund.trans.order.changed`: a signed form, repeated up to eight times until the answer is `success`. */
@Injectable()
export class TransferNotifications implements NotificationChannel {
  readonly retryAfterMs = [
    4 * MINUTE_MS,
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
    private readonly ids: IdSource,
  ) {}

  async tell(tx: Tx, transfer: Transfer): Promise<void> {
    const url = textAt(transfer.request, 'notify_url');
    const { notify } = transfer.plan;
    const { amount, reference, contradicted } = notify;
    const order = {
      out_biz_no: reference ?? transfer.out_biz_no,
      order_id: transfer.order_id,
      product_code: 'TRANS_ACCOUNT_NO_PWD',
      biz_scene: 'DIRECT_TRANSFER',
      origin_interface: 'alipay.fund.trans.uni.transfer',
      action_type: 'FINISH',
      status: transfer.status,
      trans_amount: yuanOf(amount === undefined ? transfer.amount : BigInt(amount)),
      ...(transfer.finished_at && { pay_date: plainInChina(transfer.finished_at) }),
      ...(transfer.sub_code !== null && { error_code: transfer.sub_code }),
    };
    const opposite = { ...order, status: transfer.status === 'SUCCESS' ? 'FAIL' : 'SUCCESS' };
    for (const said of contradicted ? [order, opposite] : [order]) {
      const message = { notify_id: this.ids.next('ntf'), biz_content: JSON.stringify(said) };
      const content = { body: JSON.stringify(message), ...(url !== undefined && { url }) };
      const plan = said === opposite ? { ...notify, delayMs: CONTRADICTED_AFTER_MS } : notify;
      await this.notifications.enqueue(tx, 'open_platform', transfer.out_biz_no, content, plan);
    }
  }

  async request(
    notification: DueNotification,
  ): Promise<{ url: string; headers: Record<string, string>; body: string }> {
    const { appId, alipayKey } = await this.keys.get();
    const message = JSON.parse(notification.content.body) as Record<string, string>;
    const form = new Map<string, string>([
      ...Object.entries(message),
      ['app_id', appId],
      ['charset', 'utf-8'],
      ['msg_method', 'alipay.fund.trans.order.changed'],
      ['sign_type', 'RSA2'],
      ['utc_timestamp', String(notification.now.getTime())],
      ['version', '1.1'],
    ]);
    // Message notifications keep sign_type in what is signed, unlike those about trades.
    const content = contentToSign(form, ['sign']);
    form.set('sign', signRsa(notification.content.badSignature ? `${content} ` : content, alipayKey));
    return {
      url: notification.content.url ?? this.config.notificationUrl('alipay'),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: new URLSearchParams([...form]).toString(),
    };
  }

  isAcknowledged(status: number, body: string): boolean {
    return status === 200 && body.trim() === 'success';
  }
}
