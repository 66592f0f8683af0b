import { Money, parseAmount } from '@gateway/money';
import { Clock, IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { priceOffer } from '../domain/offer-pricing';
import type { FixedSide, PricedOffer, Price } from '../domain/offer-pricing';
import { claimsOf } from '../domain/quote';
import type { OfferClaims, Quote, SignedQuote } from '../domain/quote';
import type { RefundRule } from '../domain/refund-rule';
import type { SourceRate } from '../domain/rate-policy';
import { NetworkDirectory } from './network-directory';
import { digestOf } from './offer-in-command';
import { OfferSigner } from './offer-keys';
import { QuoteIntake } from './quote-intake';
import type { RefusedQuote } from './quote-refusal';
import { PriceList } from './quote-store';
import { RateBoard } from './rate-board';
import { RotateOfferKeys } from './rotate-offer-keys';

/** What routing asks for a partner that it has authenticated. */
export interface QuoteRequest {
  readonly partnerId: string;
  readonly sourceNetwork: string;
  readonly targetNetwork: string;
  readonly fixedSide: FixedSide;
  readonly amount: unknown;
  readonly currency: unknown;
  readonly purpose: string;
  /** Shorter than the usual life, where the partner wants that. */
  readonly lifeMs?: number;
}

export type IssuedQuote = { readonly ok: true; readonly claims: OfferClaims; readonly offer: string } | RefusedQuote;

/** How long an offer can start a payment. Five minutes is what checkouts are used to. */
export const OFFER_LIFE_MS = 300_000;

/** What the contract with a partner says of one corridor. */
interface PartnerTerms {
  readonly price: Price;
  readonly refundRule: RefundRule;
}

/** What a quote is made from: the rate, the price and the key. */
@Injectable()
export class QuoteIngredients {
  constructor(
    readonly rates: RateBoard,
    readonly prices: PriceList,
    readonly keys: RotateOfferKeys,
    readonly networks: NetworkDirectory,
  ) {}
}

/** Prices, signs and stores a firm quote. */
@Injectable()
export class IssueQuote {
  constructor(
    private readonly from: QuoteIngredients,
    private readonly signer: OfferSigner,
    private readonly intake: QuoteIntake,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async issue(request: QuoteRequest): Promise<IssuedQuote> {
    const sides = this.currenciesOf(request);
    if ('ok' in sides) return sides;
    const fixedCurrency = request.fixedSide === 'source' ? sides.source : sides.target;
    const amount = parseAmount(request.amount, request.currency);
    if (!amount.ok) return { ok: false, refusal: 'AMOUNT_INVALID', param: 'amount', amountError: amount.error };
    if (amount.money.currency.code !== fixedCurrency) return refused('CURRENCY_NOT_OF_SIDE', 'amount.currency');
    const price = await this.from.prices.priceOf(sides.source, sides.target, request.partnerId);
    if (price === undefined) return refused('NO_CORRIDOR', 'target_network');
    const refundRule = await this.from.prices.refundRuleOf(request.partnerId);
    return this.priceAndSign(request, amount.money, sides.source, { price, refundRule });
  }

  private currenciesOf(request: QuoteRequest): { source: string; target: string } | RefusedQuote {
    const source = this.from.networks.currencyOf(request.sourceNetwork);
    if (source === undefined) return refused('NETWORK_UNKNOWN', 'source_network');
    const target = this.from.networks.currencyOf(request.targetNetwork);
    if (target === undefined) return refused('NETWORK_UNKNOWN', 'target_network');
    return { source, target };
  }

  private async priceAndSign(
    request: QuoteRequest,
    amount: Money,
    sourceCurrency: string,
    { price, refundRule }: PartnerTerms,
  ): Promise<IssuedQuote> {
    const now = this.clock.now();
    const rate = this.from.rates.firmRate(now);
    const kid = rate && (await this.from.keys.signing());
    if (rate === undefined || kid === undefined) return refused('RATE_UNAVAILABLE');
    const priced = priceOffer({ fixedSide: request.fixedSide, amount, sourceCurrency, mid: rate.mid, price });
    if (!priced.ok) return refused(priced.refusal, 'amount.amount');
    const signed = await this.sign(this.quoteOf(request, priced.offer, { price, refundRule }, { rate, now }), kid);
    const stored = await this.intake.store(signed);
    if (stored === 'QUOTING_STOPPED') return refused(stored);
    return { ok: true, claims: claimsOf(signed.quote), offer: signed.offer };
  }

  private quoteOf(
    request: QuoteRequest,
    priced: PricedOffer,
    { price, refundRule }: PartnerTerms,
    { rate, now }: { rate: SourceRate; now: Date },
  ): Quote {
    return {
      quoteId: this.ids.next('qte'),
      partnerId: request.partnerId,
      sourceNetwork: request.sourceNetwork,
      targetNetwork: request.targetNetwork,
      purpose: request.purpose,
      fixedSide: request.fixedSide,
      priced,
      markUpBps: price.markUpBps,
      rate,
      refundRule,
      issuedAt: now,
      expiresAt: new Date(now.getTime() + (request.lifeMs ?? OFFER_LIFE_MS)),
    };
  }

  private async sign(quote: Quote, kid: string): Promise<SignedQuote> {
    const offer = await this.signer.sign(claimsOf(quote), kid);
    return { quote, kid, offer, digest: digestOf(offer) };
  }
}

function refused(refusal: RefusedQuote['refusal'], param?: string): RefusedQuote {
  return param === undefined ? { ok: false, refusal } : { ok: false, refusal, param };
}
