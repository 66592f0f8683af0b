import { LeaseLoop, type Lease } from '@gateway/messaging';
import { Database } from '@gateway/persistence';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { EdgeConfig } from '../edge.config';
import { DELIVERIES, WebhookRepository, type Attempt, type DeliveryRow } from '../outbound/webhook.repository';
import { RetrySchedule } from './retry-schedule';
import { postWebhook } from './webhook-request';
import { WebhookSecrets } from './webhook-secrets';

const DEADLINE_MS = 15_000;
const LEASE_MS = DEADLINE_MS + 5_000;
const AT_ONCE = 16;
const FAILING_DAYS = 5;
const GONE = 410;

/**
 * Sends what waits for partners: leased, signed by Standard Webhooks, 15 s at most, any 2xx is success. A failure waits
 * for the next attempt; 410, or five days of failures, takes the endpoint out of service.
 */
@Injectable()
export class DeliverWebhooks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('webhooks');
  private readonly loop: LeaseLoop<DeliveryRow>;

  constructor(
    private readonly database: Database,
    private readonly repository: WebhookRepository,
    private readonly secrets: WebhookSecrets,
    private readonly schedule: RetrySchedule,
    private readonly config: EdgeConfig,
  ) {
    this.loop = new LeaseLoop<DeliveryRow>({
      name: 'webhooks',
      database,
      source: DELIVERIES,
      leaseMs: LEASE_MS,
      capacity: AT_ONCE,
      work: ([row], lease) => this.deliver(row!, lease),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** There may be something to send. */
  wake(): void {
    this.loop.wake();
  }

  private async deliver(row: DeliveryRow, { token }: Lease): Promise<void> {
    const endpoint = await this.repository.findEnabled(this.database, row.endpoint_id);
    if (endpoint === null) {
      await this.repository.markFailed(this.database, { row, token }, NOT_SENT, null);
      return;
    }
    const attempt = await this.attempt(row, endpoint.url, this.secrets.open(row.endpoint_id, endpoint.secret));
    if (attempt.status !== null && attempt.status >= 200 && attempt.status < 300) {
      await this.repository.markDelivered(this.database, { row, token }, attempt);
      return;
    }
    await this.repository.markFailed(this.database, { row, token }, attempt, this.schedule.waitAfter(row.attempts + 1));
    await this.closeIfHopeless(row.endpoint_id, attempt.status);
  }

  private async attempt(row: DeliveryRow, url: string, secret: string): Promise<Attempt> {
    const started = performance.now();
    const sentAt = new Date();
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'wallet-gateway-webhooks/1',
      'webhook-id': row.event_id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(row.event_id, sentAt, row.body),
    };
    const allowLoopback = this.config.allowLoopbackWebhooks === '1';
    const request = { url, headers, body: row.body, deadlineMs: DEADLINE_MS, allowLoopback };
    const result = await postWebhook(request).then(
      (status) => ({ status, error: null }),
      (error: Error) => ({ status: null, error: error.message.slice(0, 200) }),
    );
    return { ...result, ms: Math.round(performance.now() - started) };
  }

  private async closeIfHopeless(endpointId: string, status: number | null): Promise<void> {
    const failing =
      status === GONE || (await this.repository.isFailingLongerThan(this.database, endpointId, FAILING_DAYS));
    if (!failing) return;
    await this.repository.closeEndpoint(this.database, { endpointId }, 'disabled');
    this.logger.warn({ event: 'webhook_endpoint_disabled', endpoint: endpointId, status });
  }
}

const NOT_SENT: Attempt = { status: null, error: 'the endpoint is out of service', ms: 0 };
