import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from './until';

/** An answer of the partner API as it came. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** A credit that came back, as a partner sees it. */
export interface ReturnView {
  id: string;
  payment: string;
  status: string;
  amount: { amount: string; currency: string };
  actions: string[];
  resolution: string | null;
  target_instrument: string | null;
  refund: string | null;
  failure?: { code: string };
}

/** A dispute of a payment, as a partner sees it. */
export interface DisputeView {
  id: string;
  payment: string;
  status: string;
  amount: { amount: string; currency: string };
  fee: { amount: string } | null;
  category: string;
  actions: string[];
  evidence_due_by: string | null;
  answer: { type: string; by: string; reference: string; evidence?: Record<string, string> } | null;
  liability: string;
  clause: string;
  recovery?: string;
  history: { state: string; fact: string }[];
}

export interface PaymentView {
  id: string;
  status: string;
  outcome?: string;
  source_amount: { amount: string; currency: string };
  total_source_amount: { amount: string; currency: string };
  target_amount: { amount: string; currency: string };
  customer_rate: string;
  failure?: { code: string };
  /** Credits that came back; absent where there are none. */
  returns?: ReturnView[];
  /** Disputes; absent where there are none. */
  disputes?: DisputeView[];
  history: { state: string; at: string; fact: string }[];
}

export interface Problem {
  code: string;
  param?: string;
  detail: string;
  status: number;
}

const REPEATS = 5;

/** A partner as a stranger would program it: HTTP and JSON only. */
export class PartnerClient {
  constructor(
    readonly url: string,
    readonly key: string,
    readonly partnerId: string,
  ) {}

  async post<T = Record<string, unknown>>(
    path: string,
    body: unknown,
    idempotencyKey: string = randomUUID(),
  ): Promise<Answer<T>> {
    return this.send<T>('POST', path, JSON.stringify(body), { 'idempotency-key': idempotencyKey });
  }

  async get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.send<T>('GET', path);
  }

  async send<T>(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as T };
  }

  /** Posts something that must work; an answer of 503 is repeated under its key, as the documentation asks for. */
  async create<T extends { id: string }>(path: string, body: unknown): Promise<T> {
    const key = randomUUID();
    let answer = await this.post<T>(path, body, key);
    for (let repeats = 0; answer.status === 503 && repeats < REPEATS; repeats++) {
      await pause(1_000 * Number(answer.headers.get('retry-after')));
      answer = await this.post<T>(path, body, key);
    }
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Waits until the payment shows this public status. */
  async untilStatus(id: string, status: string): Promise<PaymentView> {
    return until(`${id} is ${status}`, async () => {
      const payment = await this.payment(id);
      return payment.status === status ? payment : null;
    });
  }

  async payment(id: string): Promise<PaymentView> {
    return (await this.get<PaymentView>(`/v1/payments/${id}`)).body;
  }
}
