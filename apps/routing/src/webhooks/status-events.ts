import type { Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { viewOfToldDispute } from '../edge/dispute-view';
import { viewOfPayment } from '../edge/payment-view';
import { viewOfRefund } from '../edge/refund-view';
import { viewOfReturn } from '../edge/return-view';
import { disputeStatusOf, isFinalDispute } from '../domain/disputes/dispute-state';
import { returnStatusOf } from '../domain/returns/return-state';
import { refundStatusOf } from '../domain/refund/refund-state';
import { WebhookRepository, type WebhookEvent } from '../outbound/webhook.repository';
import {
  PublicStatusChanges,
  type DisputeStatusChange,
  type PublicStatusChange,
  type RefundStatusChange,
  type ReturnStatusChange,
} from '../use-cases/public-status-changes';
import { DeliverWebhooks } from './deliver-webhooks';
import { ListeningPartners } from './listening-partners';

/** What every change tells: whose it is, and its place in the payment's history. */
type Told = Pick<PublicStatusChange, 'payment' | 'sequence' | 'at'>;

/** What an event is about. */
interface Content {
  type: string;
  refundId: string;
  object: object;
}

const API_VERSION = '2026-11-01';

/**
 * Writes the events that partners get, in the transaction that changed the status, one statement for all of them; none
 * where no partner of the batch listens. The body is finished here: every attempt sends and signs the same bytes.
 */
@Injectable()
export class StatusEvents extends PublicStatusChanges {
  constructor(
    private readonly listening: ListeningPartners,
    private readonly repository: WebhookRepository,
    private readonly ids: IdSource,
    private readonly deliveries: DeliverWebhooks,
  ) {
    super();
  }

  async record(tx: Tx, changes: readonly PublicStatusChange[]): Promise<void> {
    await this.tell(tx, changes, ({ payment, status }) => ({
      type: `payment.${status}`,
      refundId: '',
      object: viewOfPayment(payment, status),
    }));
  }

  async recordLateCredits(tx: Tx, changes: readonly PublicStatusChange[]): Promise<void> {
    await this.tell(tx, changes, ({ payment, status }) => ({
      type: 'payment.credited_late',
      refundId: '',
      object: viewOfPayment(payment, status),
    }));
  }

  async recordRefunds(tx: Tx, changes: readonly RefundStatusChange[]): Promise<void> {
    await this.tell(tx, changes, ({ refund, payment }) => ({
      type: `refund.${refundStatusOf(refund.state)}`,
      refundId: refund.id,
      object: viewOfRefund(refund, payment),
    }));
  }

  async recordReturns(tx: Tx, changes: readonly ReturnStatusChange[]): Promise<void> {
    await this.tell(tx, changes, ({ returned, payment, isNew }) => ({
      type: isNew ? 'payment.credit_returned' : `return.${returnStatusOf(returned.state)}`,
      refundId: returned.id,
      object: viewOfReturn(returned, payment),
    }));
  }

  /** A dispute that was over before it was heard of is told by its end: the object says the rest. */
  async recordDisputes(tx: Tx, changes: readonly DisputeStatusChange[]): Promise<void> {
    await this.tell(tx, changes, ({ dispute, isNew, at }) => ({
      type: `dispute.${isNew && !isFinalDispute(dispute.state) ? 'opened' : disputeStatusOf(dispute.state)}`,
      refundId: dispute.id,
      object: viewOfToldDispute(dispute, at),
    }));
  }

  private async tell<C extends Told>(tx: Tx, changes: readonly C[], contentOf: (change: C) => Content): Promise<void> {
    if (changes.length === 0) return;
    const partners = await this.listening.current(tx);
    const told = changes.filter(({ payment }) => partners.has(payment.order.partnerId));
    if (told.length === 0) return;
    await this.repository.saveEvents(
      tx,
      told.map((change) => this.eventOf(change, contentOf(change))),
    );
    this.deliveries.wake();
  }

  private eventOf({ payment, sequence, at }: Told, { type, refundId, object }: Content): WebhookEvent {
    const eventId = this.ids.next('evt');
    const body = {
      id: eventId,
      object: 'event',
      type,
      created: at.toISOString(),
      api_version: API_VERSION,
      sequence,
      data: { object },
    };
    return {
      eventId,
      partnerId: payment.order.partnerId,
      paymentId: payment.id,
      refundId,
      sequence,
      type,
      body: JSON.stringify(body),
      at,
    };
  }
}
