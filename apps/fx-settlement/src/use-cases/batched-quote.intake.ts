import { EdgeBatcher, OutboxTransactions } from '@gateway/messaging';
import { Injectable } from '@nestjs/common';
import type { SignedQuote } from '../domain/quote';
import { QuoteIntake, StoreQuotes } from './quote-intake';
import type { Stored } from './quote-intake';

/** Joins quotes that are asked for at the same time into one transaction. Throws EdgeBusy where too many wait. */
@Injectable()
export class BatchedQuoteIntake extends QuoteIntake {
  private readonly batcher: EdgeBatcher<SignedQuote, Stored>;

  constructor(quotes: StoreQuotes, transactions: OutboxTransactions) {
    super();
    this.batcher = new EdgeBatcher<SignedQuote, Stored>(transactions, {
      name: 'quotes',
      compare: (left, right) => (left.quote.quoteId < right.quote.quoteId ? -1 : 1),
      handle: (signed, tx) => quotes.handle(signed, tx),
    });
  }

  store(quote: SignedQuote): Promise<Stored> {
    return this.batcher.submit(quote);
  }
}
