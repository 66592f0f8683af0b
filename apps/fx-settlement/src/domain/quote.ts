import type { Money } from '@gateway/money';
import type { FixedSide, PricedOffer } from './offer-pricing';
import type { SourceRate } from './rate-policy';
import type { RefundRule } from './refund-rule';
import type { QuoteTerms } from './reservation';

/** A firm quote before it is signed. */
export interface Quote {
  readonly quoteId: string;
  readonly partnerId: string;
  readonly sourceNetwork: string;
  readonly targetNetwork: string;
  readonly purpose: string;
  readonly fixedSide: FixedSide;
  readonly priced: PricedOffer;
  readonly markUpBps: number;
  readonly rate: SourceRate;
  readonly refundRule: RefundRule;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** A quote with its signature: the compact JWS is the offer that a partner holds. */
export interface SignedQuote {
  readonly quote: Quote;
  readonly kid: string;
  readonly offer: string;
  /** SHA-256 of `offer`, hexadecimal. */
  readonly digest: string;
}

/** The offer expires this much earlier on paper than here, so that routing can judge it with zero tolerance. */
export const PRINTED_SHORT_S = 2;

interface ClaimedAmount {
  readonly amount: string;
  readonly currency: string;
}

/** The payload of the signed offer. Amounts are digits of minor units; rates carry 8 places, CNY per USD. */
export interface OfferClaims {
  readonly iss: 'fx-settlement';
  readonly quote_id: string;
  readonly partner_id: string;
  readonly source_network: string;
  readonly target_network: string;
  readonly purpose: string;
  readonly fixed_side: FixedSide;
  readonly source_amount: ClaimedAmount;
  readonly fee: ClaimedAmount;
  readonly total_source_amount: ClaimedAmount;
  readonly target_amount: ClaimedAmount;
  readonly mid: string;
  readonly customer_rate: string;
  readonly markup_bps: number;
  readonly amount_at_mid: ClaimedAmount;
  readonly rate_source: string;
  readonly rate_as_of: string;
  readonly refund_rule: RefundRule;
  readonly iat: number;
  readonly exp: number;
}

export function claimsOf(quote: Quote): OfferClaims {
  const { priced, rate } = quote;
  return {
    iss: 'fx-settlement',
    quote_id: quote.quoteId,
    partner_id: quote.partnerId,
    source_network: quote.sourceNetwork,
    target_network: quote.targetNetwork,
    purpose: quote.purpose,
    fixed_side: quote.fixedSide,
    source_amount: claimed(priced.principal),
    fee: claimed(priced.fee),
    total_source_amount: claimed(priced.source),
    target_amount: claimed(priced.target),
    mid: rate.mid.toString(),
    customer_rate: priced.customerRate.toString(),
    markup_bps: quote.markUpBps,
    amount_at_mid: claimed(priced.atMid),
    rate_source: rate.source,
    rate_as_of: rate.asOf.toISOString(),
    refund_rule: quote.refundRule,
    iat: seconds(quote.issuedAt),
    exp: seconds(quote.expiresAt) - PRINTED_SHORT_S,
  };
}

/** What the books and the reservation desk need of a quote. */
export function termsOf({ quote, digest }: SignedQuote): QuoteTerms {
  const { principal, fee, target, atMid, commission } = quote.priced;
  return {
    quoteId: quote.quoteId,
    partnerId: quote.partnerId,
    sourceNetwork: quote.sourceNetwork,
    targetNetwork: quote.targetNetwork,
    rateSource: quote.rate.source,
    issuedAt: quote.issuedAt,
    amounts: { principal, fee, target, atMid },
    commission,
    offerDigest: digest,
  };
}

function claimed(money: Money): ClaimedAmount {
  return { amount: money.toDigits(), currency: money.currency.code };
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
