import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayStatus } from '../launcher/state-file';
import { callJson, type PartnerApi } from './partner-api';

/** The receiver's own name for the demo's endpoint, so that other partners of the same simulator are left alone. */
const ENDPOINT = 'demo';
const POLL_MS = 100;
const DELIVERY_MS = 15_000;

interface ReceivedEvent {
  readonly endpoint: string;
  readonly event: { readonly type: string };
}

/** The partner's webhook receiver, played by the simulator, which verifies every signature before it keeps an event. */
export class PartnerReceiver {
  private readonly url: string;

  constructor(
    private readonly api: PartnerApi,
    private readonly simulator: GatewayStatus['simulator'],
  ) {
    this.url = `${simulator.url}/partner/webhooks/${ENDPOINT}`;
  }

  /** Registers the receiver anew, because a secret is told only once, and hands it the secret. */
  async open(): Promise<void> {
    const known = await this.api.webhookEndpoints();
    await Promise.all(known.filter(({ url }) => url === this.url).map(({ id }) => this.api.deleteWebhookEndpoint(id)));
    const { secret } = await this.api.createWebhookEndpoint(this.url);
    await this.control('POST', 'partner/secret', { endpoint: ENDPOINT, secret });
  }

  /** The types of the events received for a payment, in order of arrival; waits for one that ends it. */
  async told(paymentId: string): Promise<string[]> {
    const deadline = performance.now() + DELIVERY_MS;
    for (;;) {
      const types = await this.received(paymentId);
      const last = types.at(-1);
      if ((last !== undefined && last !== 'payment.processing') || performance.now() > deadline) return types;
      await sleep(POLL_MS);
    }
  }

  private async received(paymentId: string): Promise<string[]> {
    const path = `partner/events?payment=${paymentId}`;
    const { events } = await this.control<{ events: ReceivedEvent[] }>('GET', path);
    return events.filter(({ endpoint }) => endpoint === ENDPOINT).map(({ event }) => event.type);
  }

  private control<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${this.simulator.control_token}`, 'content-type': 'application/json' };
    const request = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    return callJson(`${this.simulator.control_url}/${path}`, request);
  }
}
