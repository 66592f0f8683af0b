import type { AmountOnWire } from '@gateway/contracts/contract';
import type { Purpose } from '@gateway/contracts/wallet.network.commands.v1';
import { findCurrency } from '@gateway/money';
import { Injectable } from '@nestjs/common';
import type { NetworkEntry } from '../edge.config';
import { InternalServices } from '../outbound/internal-services';
import { viewOfAmount } from './amount-view';
import { Networks } from './networks';
import { problem } from './problems';

/** What a partner asks a price for. */
export interface QuoteRequest {
  source_network: string;
  target_network: string;
  fixed_side: 'source' | 'target';
  amount: AmountOnWire;
  purpose: Purpose;
  /** A shorter life than the usual one, in seconds. */
  valid_for_s?: number;
}

/** Asks fx-settlement for a signed offer, once networks and currency are known to fit. */
@Injectable()
export class Quotes {
  constructor(
    private readonly networks: Networks,
    private readonly services: InternalServices,
  ) {}

  /** The quote as partners see it. @throws Problem */
  async create(partnerId: string, request: QuoteRequest): Promise<object> {
    this.requirePossible(request);
    const offer = await this.services.quote({ partner_id: partnerId, ...request });
    return viewOfQuote(offer);
  }

  private requirePossible({ source_network, target_network, fixed_side, amount, purpose }: QuoteRequest): void {
    const source = this.networks.require(source_network, 'source_network');
    const target = this.networks.require(target_network, 'target_network');
    if (source.id === target.id) throw problem('NETWORK_UNKNOWN', { param: 'target_network' });
    requireCommonCapability(source, target, purpose);
    const { currency } = fixed_side === 'source' ? source : target;
    if (amount.currency !== currency) {
      throw problem('UNKNOWN_CURRENCY', {
        param: 'amount.currency',
        detail: `The ${fixed_side} network of this quote uses ${currency}.`,
      });
    }
  }
}

/** What no instrument of a network can do needs no price: the payment would be refused before any money step. */
function requireCommonCapability(source: NetworkEntry, target: NetworkEntry, purpose: Purpose): void {
  if (source.capabilities && source.capabilities.funding[purpose] === undefined) {
    const detail = `Nobody can pay with ${source.id} for the purpose ${purpose}. Use another network or purpose.`;
    throw problem('NO_COMMON_CAPABILITY', { param: 'source_network', detail });
  }
  if (target.capabilities && target.capabilities.credit[purpose] !== true) {
    const detail = `Nobody can be paid on ${target.id} for the purpose ${purpose}. Use another network or purpose.`;
    throw problem('NO_COMMON_CAPABILITY', { param: 'target_network', detail });
  }
}

const HIDDEN = new Set(['quote_id', 'iss', 'iat', 'exp', 'partner_id']);

/** What fx-settlement signed, field by field, with amounts that state their exponent. */
function viewOfQuote(offer: Record<string, unknown>): object {
  const shown = Object.entries(offer).filter(([name]) => !HIDDEN.has(name));
  const { quote_id: id, iat, exp } = offer;
  if (typeof id !== 'string' || typeof offer.offer !== 'string' || typeof exp !== 'number') {
    throw problem('SERVICE_UNAVAILABLE', { retryAfterS: 2 });
  }
  return {
    id,
    object: 'quote',
    ...(typeof iat === 'number' ? { created: instantOf(iat) } : {}),
    ...Object.fromEntries(shown.map(([name, value]) => [name, isAmount(value) ? viewOfAmount(value) : value])),
    expires_at: instantOf(exp),
  };
}

function instantOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function isAmount(value: unknown): value is AmountOnWire {
  const { amount, currency } = (value ?? {}) as Partial<Record<'amount' | 'currency', unknown>>;
  return typeof amount === 'string' && findCurrency(currency) !== undefined;
}
