import type { SourceRate } from '../domain/rate-policy';

/**
 * A place where CNY per USD comes from. `fetch` answers the source's present rate with the time that the source itself
 * gives it; it throws when the source is away or its answer is not a rate. It is called at a steady pace and never on
 * the path of a quote.
 */
export abstract class RateSource {
  abstract readonly name: string;
  abstract fetch(): Promise<SourceRate>;
}

/** The source that quotes are priced from, and the one it is compared with. They are never averaged. */
export class RateSources {
  constructor(
    readonly pricing: RateSource,
    readonly comparison: RateSource,
  ) {}
}
