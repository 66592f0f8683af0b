import type { Emitted } from '@gateway/messaging';
import { partitionOf } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { subjectOf } from '../domain/reservation';
import type { QuotingStop } from '../domain/reservation';
import { termsOf } from '../domain/quote';
import type { SignedQuote } from '../domain/quote';
import { QuoteStore, StopStore } from './quote-store';

export type Stored = 'STORED' | 'QUOTING_STOPPED';

const BUCKETS = 6;

/** Takes a signed quote in. What waits together is stored together. */
export abstract class QuoteIntake {
  abstract store(quote: SignedQuote): Promise<Stored>;
}

/** Stores a batch of signed quotes in one open transaction, except those that a stop in force forbids. */
@Injectable()
export class StoreQuotes {
  constructor(
    private readonly quotes: QuoteStore,
    private readonly stops: StopStore,
  ) {}

  async handle(signed: readonly SignedQuote[], tx: Tx): Promise<{ answers: Stored[]; emit: Emitted }> {
    const inForce = (await this.stops.recent(tx)).filter((stop) => stop.liftedAt === null);
    const answers = signed.map((one): Stored => (isStopped(one, inForce) ? 'QUOTING_STOPPED' : 'STORED'));
    const allowed = signed.filter((_one, index) => answers[index] === 'STORED');
    if (allowed.length > 0) await this.quotes.insert(allowed, tx);
    return { answers, emit: { records: [], audit: allowed.map(auditOf) } };
  }
}

function isStopped(signed: SignedQuote, stops: readonly QuotingStop[]): boolean {
  const terms = termsOf(signed);
  return stops.some((stop) => stop.subject === subjectOf(stop.scope, terms));
}

function auditOf({ quote, kid }: SignedQuote): NonNullable<Emitted['audit']>[number] {
  const { quoteId, partnerId, rate, priced } = quote;
  const detail = { kid, mid: rate.mid.toString(), rate_source: rate.source, target: priced.target.toDigits() };
  return {
    subjectId: quoteId,
    partnerId,
    bucket: partitionOf(quoteId, BUCKETS),
    actor: `partner:${partnerId}`,
    actions: [{ action: 'quote.issued', detail }],
  };
}
