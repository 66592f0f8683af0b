import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** A definite answer of the partner API. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  /** How often it was asked before. */
  readonly repeats: number;
}

interface Refusal {
  readonly code?: string;
  readonly detail?: string;
}

/** A definite refusal: repeating the request cannot change it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    path: string,
    detail: string,
  ) {
    super(`${path}: ${status} ${code} ${detail}`);
  }
}

const ATTEMPT_MS = 10_000;
const REST_MS = 250;
/** So long a partner goes on asking; longer than any outage of a run. */
const PATIENCE_MS = 150_000;

/**
 * A partner's client as one should be written: it spreads over all instances, and repeats what was refused for now, or
 * not answered, with the same Idempotency-Key at another instance until the answer is definite.
 */
export class PersistentPartner {
  /** Why requests were repeated, by reason. */
  readonly troubles = new Map<string, number>();
  private turn = 0;

  constructor(
    private readonly urls: readonly string[],
    readonly key: string,
    readonly partnerId: string,
  ) {}

  /** Posts something that must work. @throws Refused */
  async create<T>(path: string, body: object): Promise<T> {
    const answer = await this.post<T>(path, body, randomUUID());
    if (answer.status < 300) return answer.body;
    const { code = '', detail = '' } = answer.body as Refusal;
    throw new Refused(answer.status, code, path, detail);
  }

  post<T>(path: string, body: object, idempotencyKey: string): Promise<Answer<T>> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
    return this.untilDefinite<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.untilDefinite<T>(path, { method: 'GET', headers: {} });
  }

  private async untilDefinite<T>(path: string, request: Ask): Promise<Answer<T>> {
    const end = performance.now() + PATIENCE_MS;
    for (let repeats = 0; ; repeats++) {
      const url = this.urls[this.turn++ % this.urls.length] as string;
      const answer = await this.ask<T>(`${url}${path}`, request);
      if (answer.definite) return { status: answer.status, body: answer.body, repeats };
      this.troubles.set(answer.trouble, (this.troubles.get(answer.trouble) ?? 0) + 1);
      if (performance.now() > end) throw new Error(`no definite answer in ${PATIENCE_MS / 1000} s: ${path}`);
      await pause(answer.waitMs);
    }
  }

  private async ask<T>(url: string, { method, headers, body }: Ask): Promise<Definite<T> | NotYet> {
    try {
      const response = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${this.key}`, ...headers },
        signal: AbortSignal.timeout(ATTEMPT_MS),
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      const content = (text === '' ? {} : JSON.parse(text)) as T & Refusal;
      const { status } = response;
      if (status < 500 && content.code !== 'IDEMPOTENCY_KEY_IN_USE') return { definite: true, status, body: content };
      const seconds = Number(response.headers.get('retry-after') ?? 0);
      return { definite: false, trouble: `${status} ${content.code ?? ''}`, waitMs: Math.max(REST_MS, seconds * 1000) };
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { code?: string } };
      return { definite: false, trouble: cause?.code ?? name, waitMs: REST_MS };
    }
  }
}

interface Ask {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

interface Definite<T> {
  readonly definite: true;
  readonly status: number;
  readonly body: T;
}

interface NotYet {
  readonly definite: false;
  readonly trouble: string;
  readonly waitMs: number;
}
