import type { AmountError } from '@gateway/money';
import type { PricingRefusal } from '../domain/offer-pricing';

/** Why there is no quote. */
export type QuoteRefusal =
  | 'RATE_UNAVAILABLE'
  | 'QUOTING_STOPPED'
  | 'NO_CORRIDOR'
  | 'NETWORK_UNKNOWN'
  | 'CURRENCY_NOT_OF_SIDE'
  | 'AMOUNT_INVALID'
  | PricingRefusal;

/** A refusal with the field that it is about, and what was wrong with an amount. */
export interface RefusedQuote {
  readonly ok: false;
  readonly refusal: QuoteRefusal;
  readonly param?: string;
  readonly amountError?: AmountError;
}
