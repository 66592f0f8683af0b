import { offerKeyEvents, type OfferKeyPublished } from '@gateway/contracts/fx.key.events.v1';
import { Problem } from '@gateway/platform';
import type { InstrumentCapabilities, KeyedIntakeRequest } from '@gateway/wallet-network';
import { Injectable } from '@nestjs/common';
import { EdgeConfig, type NetworkEntry } from '../edge.config';
import { problem } from '../edge/problems';
import { addressesIn } from '../service-addresses';
import { ServiceInstances, type InternalAnswer, type InternalCall } from './service-instances';

/** What a wallet service answers to an intake. */
export interface InstrumentTaken {
  instrument_id: string;
  capabilities: InstrumentCapabilities;
  label: string;
  expires_at?: string;
}

const RETRY_AFTER_S = 2;

/**
 * What services ask each other over HTTP: intake and quoting, which come before a payment (design section 2), and what
 * people do at a desk. Any instance of a service may answer, within one deadline; bodies are not logged. A refusal of the
 * other side passes on as its problem document; anything else becomes 503, for which the repeat of the same request is
 * the answer.
 */
@Injectable()
export class InternalServices {
  private readonly fx: ServiceInstances;
  private readonly compliance: ServiceInstances;
  /** By network. */
  private readonly wallets: ReadonlyMap<string, ServiceInstances>;

  constructor(private readonly config: EdgeConfig) {
    const instances = (addresses: string): ServiceInstances =>
      new ServiceInstances(addressesIn(addresses), config.internalToken);
    this.fx = instances(config.fxUrl);
    this.compliance = instances(config.complianceUrl);
    this.wallets = new Map(config.networks.map(({ id, url }) => [id, instances(url)]));
  }

  /** Its key has every instance answer with the same instrument. */
  async takeInstrument(network: NetworkEntry, request: KeyedIntakeRequest): Promise<InstrumentTaken> {
    const call = { ...post('/internal/v1/instruments', request), repeatable: true, slow: true };
    return await ask<InstrumentTaken>(this.wallet(network), call);
  }

  async openApplePaySession(network: NetworkEntry, request: object): Promise<{ session: object; expires_at: string }> {
    return await ask(this.wallet(network), post('/internal/v1/apple_pay_sessions', request));
  }

  /** Asked twice it would keep an identity that nobody ever refers to. */
  async registerParty(request: object): Promise<{ party_id: string }> {
    return await ask<{ party_id: string }>(this.compliance, post('/internal/v1/parties', request));
  }

  /** The offer with its claims, as fx-settlement answers it. One that nobody was told of binds nobody, and expires. */
  async quote(request: object): Promise<Record<string, unknown>> {
    return await ask(this.fx, { ...post('/internal/v1/quotes', request), repeatable: true });
  }

  async offerKeys(): Promise<OfferKeyPublished[]> {
    const { keys } = await ask(this.fx, get('/internal/v1/offer-keys'));
    return Array.isArray(keys) ? keys.filter(isOfferKey) : [];
  }

  /** Forwards what a person has entered; fx-settlement holds that another one approves it. */
  async requestTopUp(request: object): Promise<object> {
    return await ask(this.fx, post('/internal/v1/top-ups', request));
  }

  async approveTopUp(topUpId: string, request: object): Promise<object> {
    return await ask(this.fx, post(`/internal/v1/top-ups/${topUpId}/approve`, request));
  }

  async partnerBalances(partnerId: string): Promise<object> {
    return await ask(this.fx, get(`/internal/v1/partner-balances?partner=${partnerId}`));
  }

  async reviews(network: NetworkEntry, after?: string): Promise<object> {
    const page = after === undefined ? '' : `?after=${after}`;
    return await ask(this.wallet(network), get(`/internal/v1/reviews${page}`));
  }

  /** Forwards what a person has found out; the wallet service holds that another one decides it. */
  async requestResolution(network: NetworkEntry, instructionId: string, request: object): Promise<object> {
    return await ask(this.wallet(network), post(`/internal/v1/reviews/${instructionId}/resolution`, request));
  }

  async decideResolution(network: NetworkEntry, instructionId: string, request: object): Promise<object> {
    return await ask(this.wallet(network), post(`/internal/v1/reviews/${instructionId}/resolution/decision`, request));
  }

  /** Of a sandbox: the business time of the instance at this address, and of its service, runs ahead by so much. */
  async setTestClock(address: string, offsetMs: number): Promise<void> {
    const instance = new ServiceInstances([address], this.config.internalToken);
    await ask(instance, post('/internal/v1/test-clock', { offset_ms: offsetMs }));
  }

  private wallet({ id }: NetworkEntry): ServiceInstances {
    const instances = this.wallets.get(id);
    if (instances === undefined) throw new Error(`no wallet network ${id}`);
    return instances;
  }
}

function get(path: string): InternalCall {
  return { method: 'GET', path, repeatable: true };
}

function post(path: string, body: object): InternalCall {
  return { method: 'POST', path, body };
}

/** @throws Problem */
async function ask<A = Record<string, unknown>>(service: ServiceInstances, call: InternalCall): Promise<A> {
  const answer = await service.ask(call);
  if (answer !== null && isSuccess(answer) && answer.body !== null) return answer.body as A;
  throw refusalOf(answer?.status ?? 0, answer?.body ?? null);
}

function isSuccess({ status }: InternalAnswer): boolean {
  return status >= 200 && status < 300;
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
