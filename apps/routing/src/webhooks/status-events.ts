import type { Tx } from '@gateway/persistence';
import { IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { viewOfPayment } from '../edge/payment-view';
import { WebhookRepository } from '../outbound/webhook.repository';
import { PublicStatusChanges, type PublicStatusChange } from '../use-cases/public-status-changes';
import { DeliverWebhooks } from './deliver-webhooks';
import { ListeningPartners } from './listening-partners';

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
    if (changes.length === 0) return;
    const partners = await this.listening.current(tx);
    const told = changes.filter(({ payment }) => partners.has(payment.order.partnerId));
    if (told.length === 0) return;
    await this.repository.saveEvents(
      tx,
      told.map((change) => this.eventOf(change)),
    );
    this.deliveries.wake();
  }

  private eventOf({
    payment,
    status,
    sequence,
    at,
  }: PublicStatusChange): Parameters<WebhookRepository['saveEvents']>[1][number] {
    const eventId = this.ids.next('evt');
    const type = `payment.${status}`;
    const body = {
      id: eventId,
      object: 'event',
      type,
      created: at.toISOString(),
      api_version: API_VERSION,
      sequence,
      data: { object: viewOfPayment(payment, status) },
    };
    return {
      eventId,
      partnerId: payment.order.partnerId,
      paymentId: payment.id,
      sequence,
      type,
      body: JSON.stringify(body),
      at,
    };
  }
}
