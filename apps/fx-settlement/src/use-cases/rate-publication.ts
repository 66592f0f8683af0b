import type { Tx } from '@gateway/persistence';
import type { PublishedState, SourceRate } from '../domain/rate-policy';

/** One published rate with its place in the stream. */
export interface PublishedRate {
  readonly incarnation: number;
  readonly sequence: bigint;
}

/** The stream of published rates, one per pair. */
export abstract class RatePublication {
  /** Locks the stream and answers what was published last: instances take turns here. */
  abstract lockLast(tx: Tx): Promise<PublishedState | undefined>;

  /** Stores the next rate of the stream; the lock must be held. */
  abstract append(
    rate: SourceRate,
    state: { readonly firm: boolean; readonly comparisonBps: number | null; readonly publishedAt: Date },
    tx: Tx,
  ): Promise<PublishedRate>;
}
