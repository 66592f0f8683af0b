import { randomBytes } from 'node:crypto';
import { until, type Gateway } from './gateway';
import type { PartnerClient } from './partner-client';

/** A delivery that the simulator's partner has verified and kept. */
export interface ReceivedWebhook {
  endpoint: string;
  webhook_id: string;
  deliveries: number;
  event: { id: string; type: string; sequence: number; data: { object: { id: string; status: string } } };
}

/** A receiver of one partner's own at the simulator, which verifies each delivery over its raw body before it keeps it. */
export class WebhookReceiver {
  private constructor(
    private readonly gateway: Gateway,
    readonly name: string,
    readonly secret: string,
  ) {}

  /** Registers a receiver at the gateway and gives it the secret it was told. */
  static async open(gateway: Gateway, partner: PartnerClient): Promise<WebhookReceiver> {
    const name = `story-${randomBytes(6).toString('hex')}`;
    const url = `${gateway.status.simulator.url}/partner/webhooks/${name}`;
    const { secret } = await partner.create<{ id: string; secret: string }>('/v1/webhook_endpoints', { url });
    const receiver = new WebhookReceiver(gateway, name, secret);
    await receiver.verifyWith(secret);
    return receiver;
  }

  async verifyWith(secret: string): Promise<void> {
    await this.control('POST', 'partner/secret', { endpoint: this.name, secret });
  }

  /** The next deliveries are answered with that status. */
  async failNext(times: number, status: number): Promise<void> {
    await this.control('POST', 'partner/failures', { endpoint: this.name, times, status });
  }

  async received(paymentId: string): Promise<ReceivedWebhook[]> {
    const path = `partner/events?payment=${paymentId}`;
    const { events } = await this.control<{ events: ReceivedWebhook[] }>('GET', path);
    return events.filter(({ endpoint }) => endpoint === this.name);
  }

  /** How many deliveries the receiver has refused for their signature. */
  async refused(): Promise<number> {
    const { refusals } = await this.control<{ refusals: { endpoint: string }[] }>('GET', 'partner/refusals');
    return refusals.filter(({ endpoint }) => endpoint === this.name).length;
  }

  /** Waits until the receiver has been told that the payment ended so. */
  async untilTold(paymentId: string, status: string): Promise<ReceivedWebhook[]> {
    return until(`the partner is told that ${paymentId} is ${status}`, async () => {
      const events = await this.received(paymentId);
      return events.at(-1)?.event.type === `payment.${status}` ? events : null;
    });
  }

  private control<T>(method: string, path: string, body?: object): Promise<T> {
    return this.gateway.simulator.call<T>(method, `${this.gateway.simulator.controlUrl}/${path}`, body);
  }
}
