import { Rate } from '@gateway/money';
import type { SourceRate } from '../domain/rate-policy';
import { RateSource } from '../use-cases/rate-source';
import { fetchText } from './http-text';

interface TreasuryAnswer {
  readonly pair?: unknown;
  readonly mid?: unknown;
  readonly as_of?: unknown;
}

/**
 * The treasury's live feed: `{ "pair": "USD/CNY", "mid": "7.13280000", "as_of": "2026-11-25T10:00:00.000Z", … }`, the mid
 * being CNY per USD in up to 8 places. It is stamped by the source, and that stamp decides how old it is.
 */
export class TreasuryRateSource extends RateSource {
  readonly name = 'treasury';

  constructor(private readonly url: string) {
    super();
  }

  async fetch(): Promise<SourceRate> {
    const answer = JSON.parse(await fetchText(this.url)) as TreasuryAnswer | null;
    const mid = answer?.pair === 'USD/CNY' ? Rate.parse('USD', 'CNY', answer.mid) : undefined;
    const asOf = new Date(typeof answer?.as_of === 'string' ? answer.as_of : Number.NaN);
    if (mid === undefined || Number.isNaN(asOf.getTime())) throw new Error('answer is not a rate of USD/CNY');
    return { source: this.name, mid, asOf };
  }
}
