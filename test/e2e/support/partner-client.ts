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
  /** With `outcome`: by when it is asked about again. */
  next_update_at?: string;
  source_amount: { amount: string; currency: string };
  total_source_amount: { amount: string; currency: string };
  target_amount: { amount: string; currency: string };
  customer_rate: string;
  failure?: { code: string; class?: string };
  /** The credit was refused and undone, and proved to have been made after all. */
  credited_late?: boolean;
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

  /** An answer of 503 is repeated where that is safe, as the documentation asks for: reads, and writes under their key. */
  async send<T>(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const isSafe = method === 'GET' || 'idempotency-key' in headers;
    let answer = await this.sendOnce<T>(method, path, body, headers);
    for (let repeats = 0; isSafe && answer.status === 503 && repeats < REPEATS; repeats++) {
      await pause(1_000 * Number(answer.headers.get('retry-after') ?? 1));
      answer = await this.sendOnce<T>(method, path, body, headers);
    }
    return answer;
  }

  private async sendOnce<T>(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<Answer<T>> {
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

  /** Posts something that must work. */
  async create<T extends { id: string }>(path: string, body: unknown): Promise<T> {
    const answer = await this.post<T>(path, body);
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
