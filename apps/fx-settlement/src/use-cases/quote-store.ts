import type { Tx } from '@gateway/persistence';
import type { Price } from '../domain/offer-pricing';
import type { SignedQuote } from '../domain/quote';
import type { RefundRule } from '../domain/refund-rule';
import type { QuoteTerms, QuotingStop } from '../domain/reservation';

/** Quotes as stored, and which payment used each: once, under a unique index. */
export abstract class QuoteStore {
  abstract insert(quotes: readonly SignedQuote[], tx: Tx): Promise<void>;

  /** The terms of those quotes that exist, by quote id. */
  abstract termsOf(quoteIds: readonly string[], tx: Tx): Promise<Map<string, QuoteTerms>>;

  /**
   * Marks quotes used and answers, per quote, the payment that uses it: the given one, or the one that was first.
   * A quote id appears at most once in `uses`.
   */
  abstract markUsed(uses: readonly { quoteId: string; paymentId: string }[], tx: Tx): Promise<Map<string, string>>;

  /** Which payments use those quotes that are used. */
  abstract usesOf(quoteIds: readonly string[], tx: Tx): Promise<Map<string, string>>;
}

/** What corridors cost; the partner's own price wins over the list price, the newest valid one counts. */
export abstract class PriceList {
  /** Undefined where the corridor has no price, which means that it is not dealt in. */
  abstract priceOf(sourceCurrency: string, targetCurrency: string, partnerId: string): Promise<Price | undefined>;

  /** Who bears a move of the rate when this partner refunds; the partner's own terms win, the newest valid ones count. */
  abstract refundRuleOf(partnerId: string): Promise<RefundRule>;
}

/** What a person must say to stop or resume quoting. */
export interface StopRequest {
  readonly scope: QuotingStop['scope'];
  readonly subject: string;
  readonly reason: string;
  readonly actor: string;
}

/** Stops of quoting. */
export abstract class StopStore {
  /** Those in force, and those lifted within the longest life of an offer. */
  abstract recent(tx: Tx): Promise<QuotingStop[]>;

  /** False where the same stop is in force already. */
  abstract start(stop: StopRequest, tx: Tx): Promise<boolean>;

  /** False where no such stop is in force. */
  abstract lift(stop: Pick<StopRequest, 'scope' | 'subject' | 'actor'>, tx: Tx): Promise<boolean>;
}
