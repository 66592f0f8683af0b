import { OutboxTransactions } from '@gateway/messaging';
import { Injectable } from '@nestjs/common';
import type { SignedQuote } from '../domain/quote';
import { QuoteIntake, StoreQuotes } from './quote-intake';
import type { Stored } from './quote-intake';

/** Stores each quote in a transaction of its own. */
@Injectable()
export class OutboxQuoteIntake extends QuoteIntake {
  constructor(
    private readonly quotes: StoreQuotes,
    private readonly transactions: OutboxTransactions,
  ) {
    super();
  }

  store(quote: SignedQuote): Promise<Stored> {
    return this.transactions.run(async (tx) => {
      const { answers, emit } = await this.quotes.handle([quote], tx);
      return { result: answers[0] ?? 'QUOTING_STOPPED', emit };
    });
  }
}
