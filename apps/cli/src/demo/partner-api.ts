import { randomUUID } from 'node:crypto';

/** An amount as our wires write it: digits of minor units. */
export interface WireAmount {
  readonly amount: string;
  readonly currency: string;
}

export interface Quote {
  readonly id: string;
  readonly offer: string;
  readonly source_amount: WireAmount;
  readonly fee: WireAmount;
  readonly total_source_amount: WireAmount;
  readonly target_amount: WireAmount;
  readonly mid: string;
  readonly customer_rate: string;
  readonly markup_bps: number;
  readonly rate_source?: string;
  readonly expires_at?: string;
}

export interface HistoryEntry {
  readonly state: string;
  readonly at: string;
  readonly fact?: string;
}

export interface Payment {
  readonly id: string;
  readonly status: string;
  readonly source_amount: WireAmount;
  readonly fee: WireAmount;
  readonly total_source_amount: WireAmount;
  readonly target_amount: WireAmount;
  readonly created: string;
  readonly history?: readonly HistoryEntry[];
  readonly failure?: { readonly code: string; readonly detail?: string };
}

export interface Instrument {
  readonly id: string;
  readonly label?: string;
}

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
}

const REQUEST_MS = 15_000;

/** What a partner wallet's server does: HTTP with a key, a new idempotency key per action. */
export class PartnerApi {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  createInstrument(body: object): Promise<Instrument> {
    return this.post('/v1/instruments', body);
  }

  createParty(body: object): Promise<{ id: string }> {
    return this.post('/v1/parties', body);
  }

  createQuote(body: object): Promise<Quote> {
    return this.post('/v1/quotes', body);
  }

  createPayment(body: object): Promise<Payment> {
    return this.post('/v1/payments', body);
  }

  payment(id: string): Promise<Payment> {
    return callJson(`${this.url}/v1/payments/${id}`, { headers: this.headers() });
  }

  async webhookEndpoints(): Promise<WebhookEndpoint[]> {
    const { data } = await callJson<{ data: WebhookEndpoint[] }>(`${this.url}/v1/webhook_endpoints`, {
      headers: this.headers(),
    });
    return data;
  }

  createWebhookEndpoint(url: string): Promise<WebhookEndpoint & { readonly secret: string }> {
    return this.post('/v1/webhook_endpoints', { url });
  }

  deleteWebhookEndpoint(id: string): Promise<object> {
    return callJson(`${this.url}/v1/webhook_endpoints/${id}`, { method: 'DELETE', headers: this.headers() });
  }

  private post<T>(path: string, body: object): Promise<T> {
    const headers = { ...this.headers(), 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    return callJson(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.key}` };
  }
}

/** One call that must succeed; a refusal becomes an error with the problem document's own words. */
export async function callJson<T>(url: string, request: RequestInit): Promise<T> {
  const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(REQUEST_MS) });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as T;
  throw new Error(
    `${request.method ?? 'GET'} ${new URL(url).pathname} was refused (${answer.status}): ${text.slice(0, 500)}`,
  );
}
