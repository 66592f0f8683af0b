import { setTimeout as pause } from 'node:timers/promises';
import type { SentNotification } from './said';

/** A movement that a network executed, from the simulator's own books. */
export interface ExecutedMovement {
  readonly network: string;
  readonly operation: string;
  /** Our request id. */
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
  /** The end user's money: -1 taken, +1 given, 0 held or released. */
  readonly sign: number;
  /** The network did it by itself: nobody had asked for it. */
  readonly taken_back: boolean;
}

/** An event that the partner's receiver has verified and kept. */
export interface ReceivedEvent {
  readonly position: string;
  readonly endpoint: string;
  readonly webhook_id: string;
  readonly payment: string | null;
  readonly deliveries: number;
  readonly event: { id: string; type: string; sequence: number };
}

const ATTEMPT_MS = 10_000;
const TRIES = 60;
const REST_MS = 500;
const PAGE = 1_000;

/** The simulated outside world: phones that make tokens, networks with books, a partner's receiver. */
export class World {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  appleToken(wish: object): Promise<object> {
    return this.call('POST', '/apple/tokens', wish);
  }

  /** What the partner's receiver at this endpoint verifies with. */
  async receiveWith(endpoint: string, secret: string): Promise<void> {
    await this.call('POST', '/control/partner/secret', { endpoint, secret });
  }

  receiverUrl(endpoint: string): string {
    return `${this.url}/partner/webhooks/${endpoint}`;
  }

  /** Has a network misbehave, as its control API is told. */
  async fault(rule: object): Promise<void> {
    await this.call('POST', '/control/faults', rule);
  }

  /** What the networks executed under a payment's instructions. */
  async executedFor(paymentId: string): Promise<ExecutedMovement[]> {
    const path = `/control/books/${paymentId}`;
    return (await this.call<{ movements: ExecutedMovement[] }>('GET', path)).movements;
  }

  /** What the networks have notified about a payment's instructions. */
  async notificationsFor(paymentId: string): Promise<SentNotification[]> {
    const path = `/control/notifications?reference=${paymentId}`;
    return (await this.call<{ notifications: SentNotification[] }>('GET', path)).notifications;
  }

  /** How many movements the networks executed in all. */
  async executedInAll(): Promise<number> {
    const { lines } = await this.call<{ lines: { count: number }[] }>('GET', '/control/books/summary');
    return lines.reduce((sum, { count }) => sum + count, 0);
  }

  async received(): Promise<ReceivedEvent[]> {
    const all: ReceivedEvent[] = [];
    for (let after = '0'; ; after = all.at(-1)?.position ?? after) {
      const path = `/control/partner/events?after=${after}`;
      const { events } = await this.call<{ events: ReceivedEvent[] }>('GET', path);
      all.push(...events);
      if (events.length < PAGE) return all;
    }
  }

  /** Deliveries that the receiver refused for their signature. */
  async refusedDeliveries(): Promise<number> {
    const { refusals } = await this.call<{ refusals: unknown[] }>('GET', '/control/partner/refusals');
    return refusals.length;
  }

  /** Its database is killed too: what was not answered is asked again. Nothing here moves money. */
  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once<T>(method, path, body);
      } catch (error) {
        if (attempt === TRIES) throw error;
        await pause(REST_MS);
      }
    }
  }

  private async once<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: AbortSignal.timeout(ATTEMPT_MS),
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }
}
