import { offerKeyEvents, type OfferKeyPublished } from '@gateway/contracts/fx.key.events.v1';
import { Problem } from '@gateway/platform';
import type { InstrumentCapabilities } from '@gateway/wallet-network';
import { Injectable, Logger } from '@nestjs/common';
import { EdgeConfig, type NetworkEntry } from '../edge.config';
import { problem } from '../edge/problems';

/** What a wallet service answers to an intake. */
export interface InstrumentTaken {
  instrument_id: string;
  capabilities: InstrumentCapabilities;
  label: string;
  expires_at?: string;
}

const DEADLINE_MS = 8_000;
const RETRY_AFTER_S = 2;
const LONGEST_ANSWER = 262_144;

/**
 * What services ask each other over HTTP: intake and quoting, which come before a payment (design section 2), and what
 * people do at a desk. One deadline, no repeat, no log of bodies. A refusal of the other side passes on as its problem
 * document; anything else becomes 503, for which the repeat of the same request is the answer.
 */
@Injectable()
export class InternalServices {
  private readonly logger = new Logger('internal services');

  constructor(private readonly config: EdgeConfig) {}

  async takeInstrument(network: NetworkEntry, request: object): Promise<InstrumentTaken> {
    return await this.ask<InstrumentTaken>(network.url, 'POST', '/internal/v1/instruments', request);
  }

  async openApplePaySession(network: NetworkEntry, request: object): Promise<{ session: object; expires_at: string }> {
    return await this.ask(network.url, 'POST', '/internal/v1/apple_pay_sessions', request);
  }

  async registerParty(request: object): Promise<{ party_id: string }> {
    return await this.ask<{ party_id: string }>(this.config.complianceUrl, 'POST', '/internal/v1/parties', request);
  }

  /** The offer with its claims, as fx-settlement answers it. */
  async quote(request: object): Promise<Record<string, unknown>> {
    return await this.ask(this.config.fxUrl, 'POST', '/internal/v1/quotes', request);
  }

  async offerKeys(): Promise<OfferKeyPublished[]> {
    const { keys } = await this.ask(this.config.fxUrl, 'GET', '/internal/v1/offer-keys');
    return Array.isArray(keys) ? keys.filter(isOfferKey) : [];
  }

  /** Forwards what a person has entered; fx-settlement holds that another one approves it. */
  async requestTopUp(request: object): Promise<object> {
    return await this.ask(this.config.fxUrl, 'POST', '/internal/v1/top-ups', request);
  }

  async approveTopUp(topUpId: string, request: object): Promise<object> {
    return await this.ask(this.config.fxUrl, 'POST', `/internal/v1/top-ups/${topUpId}/approve`, request);
  }

  async partnerBalances(partnerId: string): Promise<object> {
    return await this.ask(this.config.fxUrl, 'GET', `/internal/v1/partner-balances?partner=${partnerId}`);
  }

  async reviews(network: NetworkEntry, after?: string): Promise<object> {
    const page = after === undefined ? '' : `?after=${after}`;
    return await this.ask(network.url, 'GET', `/internal/v1/reviews${page}`);
  }

  /** Forwards what a person has found out; the wallet service holds that another one decides it. */
  async requestResolution(network: NetworkEntry, instructionId: string, request: object): Promise<object> {
    return await this.ask(network.url, 'POST', `/internal/v1/reviews/${instructionId}/resolution`, request);
  }

  async decideResolution(network: NetworkEntry, instructionId: string, request: object): Promise<object> {
    return await this.ask(network.url, 'POST', `/internal/v1/reviews/${instructionId}/resolution/decision`, request);
  }

  /** Of a sandbox: another service's business time runs ahead by so much. */
  async setTestClock(url: string, offsetMs: number): Promise<void> {
    await this.ask(url, 'POST', '/internal/v1/test-clock', { offset_ms: offsetMs });
  }

  private async ask<A = Record<string, unknown>>(
    base: string,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
  ): Promise<A> {
    const response = await this.send(new URL(path, base), method, body);
    const answer = response === null ? null : await readObject(response).catch(() => null);
    if (response?.ok && answer !== null) return answer as A;
    const status = response?.status ?? 0;
    if (status >= 500) this.logger.warn({ event: 'internal_call_failed', path, status });
    throw refusalOf(status, answer);
  }

  private async send(url: URL, method: string, body?: object): Promise<Response | null> {
    const request: RequestInit = {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: {
        authorization: `Bearer ${this.config.internalToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    return await fetch(url, request).catch((error: unknown) => this.unanswered(url.pathname, error));
  }

  /** Says why, without a body: what it was about is the other side's to log. */
  private unanswered(path: string, error: unknown): null {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    this.logger.warn({ event: 'internal_call_failed', path, why: cause?.code ?? name });
    return null;
  }
}

async function readObject(response: Response): Promise<Record<string, unknown> | null> {
  const text = await response.text();
  if (text.length > LONGEST_ANSWER) return null;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}

/** Refusals that speak of the request pass on; those that speak of us (401, 403, 404, 5xx without code) do not. */
const PASSED_ON: readonly number[] = [400, 402, 409, 422, 503];
const CODE = /^[A-Z][A-Z0-9_]{2,63}$/;

function refusalOf(status: number, answer: Record<string, unknown> | null): Problem {
  const { code, title, detail, param, retryable } = answer ?? {};
  if (!PASSED_ON.includes(status) || typeof code !== 'string' || !CODE.test(code)) {
    return problem('SERVICE_UNAVAILABLE', { retryAfterS: RETRY_AFTER_S });
  }
  return new Problem({
    status,
    code,
    title: textOf(title, 'Refused'),
    detail: textOf(detail, 'The request was refused.'),
    retryable: retryable === true,
    ...(typeof param === 'string' ? { param: param.slice(0, 120) } : {}),
    ...(status === 503 ? { retryAfterS: RETRY_AFTER_S } : {}),
  });
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value.slice(0, 500) : fallback;
}

function isOfferKey(value: unknown): value is OfferKeyPublished {
  return offerKeyEvents.problemOf(value) === null;
}
