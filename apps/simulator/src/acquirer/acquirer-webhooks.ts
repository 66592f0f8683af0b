import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IdSource } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import { CONTRADICTED_AFTER_MS } from '../faults/fault';
import type { NotificationChannel } from '../faults/notification-sender';
import { NotificationsStore, type DueNotification } from '../outbound/notifications.store';
import { SettingsStore } from '../outbound/settings.store';
import { SimulatorConfig } from '../simulator.config';
import { disputeEvent, type CardDispute } from './card-dispute';
import { summaryOf, type CardAction, type CardPayment } from './card-payment';

/** Setting that overrides where webhooks go and what they are signed with. */
export const ACQUIRER_WEBHOOK_SETTING = 'acquirer-webhook';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What says the opposite of an event, of the same action. */
const OPPOSITES: Readonly<Record<string, string>> = {
  payment_approved: 'payment_declined',
  payment_paid: 'payment_declined',
  payment_captured: 'payment_capture_declined',
  payment_voided: 'payment_void_declined',
  payment_refunded: 'payment_refund_declined',
};
const DEFAULT_DECLINE = '20005';

/** Webhooks of the acquirer: `Cko-Signature` is the hex HMAC-SHA256 of the body with the shared secret. */
@Injectable()
export class AcquirerWebhooks implements NotificationChannel {
  readonly retryAfterMs = [
    MINUTE_MS,
    5 * MINUTE_MS,
    10 * MINUTE_MS,
    30 * MINUTE_MS,
    HOUR_MS,
    4 * HOUR_MS,
    12 * HOUR_MS,
  ];

  constructor(
    private readonly notifications: NotificationsStore,
    private readonly settings: SettingsStore,
    private readonly config: SimulatorConfig,
    private readonly ids: IdSource,
  ) {}

  /**
   * Queues an event in the transaction of the change, and its contradiction where one is planned. `type` is e.g.
   * `payment_captured`.
   */
  async tell(tx: Tx, type: string, payment: CardPayment, action: CardAction): Promise<void> {
    const { notify } = payment.plan;
    const reference = action.reference ?? payment.reference;
    const body = JSON.stringify(this.eventOf(type, payment, action));
    await this.notifications.enqueue(tx, 'acquirer', reference, { body }, notify);
    const opposite = notify.contradicted ? OPPOSITES[type] : undefined;
    if (opposite === undefined) return;
    const refused = { ...action, approved: false, response_code: DEFAULT_DECLINE };
    const content = { body: JSON.stringify(this.eventOf(opposite, payment, refused)) };
    await this.notifications.enqueue(tx, 'acquirer', reference, content, { ...notify, delayMs: CONTRADICTED_AFTER_MS });
  }

  private eventOf(type: string, payment: CardPayment, action: CardAction): object {
    const { notify } = payment.plan;
    const names = {
      reference: payment.reference,
      ...(action.reference !== null && { action_reference: action.reference }),
    };
    return {
      id: this.ids.next('evt').toLowerCase(),
      type,
      version: '1.0.0',
      created_on: action.processed_at,
      data: {
        id: payment.id,
        action_id: action.id,
        amount: Number(notify.amount ?? action.amount),
        currency: notify.currency ?? payment.currency,
        approved: action.approved,
        status: payment.status,
        ...(notify.reference === undefined ? names : { reference: notify.reference }),
        response_code: action.response_code,
        response_summary: summaryOf(action.response_code),
        processed_on: action.processed_at,
      },
      _links: { payment: { href: `/payments/${payment.id}` } },
    };
  }

  /** Queues one event about a dispute. `type` is e.g. `dispute_received`. */
  async tellOfDispute(tx: Tx, type: string, dispute: CardDispute, payment: CardPayment): Promise<void> {
    const event = {
      id: this.ids.next('evt').toLowerCase(),
      type,
      version: '1.0.0',
      created_on: dispute.last_update,
      data: disputeEvent(dispute, payment),
      _links: { dispute: { href: `/disputes/${dispute.id}` }, payment: { href: `/payments/${payment.id}` } },
    };
    const content = { body: JSON.stringify(event) };
    await this.notifications.enqueue(tx, 'acquirer', dispute.id, content, payment.plan.notify);
  }

  async request(
    notification: DueNotification,
  ): Promise<{ url: string; headers: Record<string, string>; body: string }> {
    const override = await this.settings.read<{ url: string; secret?: string }>(ACQUIRER_WEBHOOK_SETTING);
    const secret = override?.secret ?? this.config.acquirerWebhookSecret;
    const { body, badSignature, url } = notification.content;
    const signature = createHmac('sha256', secret)
      .update(badSignature ? `${body} ` : body)
      .digest('hex');
    return {
      url: url ?? override?.url ?? this.config.notificationUrl('applepay'),
      headers: { 'content-type': 'application/json', 'cko-signature': signature, 'user-agent': 'Simulated-Acquirer' },
      body,
    };
  }

  isAcknowledged(status: number): boolean {
    return status >= 200 && status < 300;
  }
}
