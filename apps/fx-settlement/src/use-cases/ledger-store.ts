import type { Tx } from '@gateway/persistence';
import type { Posting } from '../domain/payment-book';
import type { BookedRefund } from '../domain/refund-book';

/** A posting with what places it: whose payment (or top-up), and the stripe that takes its balances. */
export interface PlacedPosting {
  readonly paymentId: string;
  readonly partnerId: string;
  /** The payment's partition. */
  readonly stripe: number;
  readonly posting: Posting;
}

/** The append-only books. */
export abstract class LedgerStore {
  /** The counterparty that each payment's funding booking named, by payment id; absent where nothing is booked yet. */
  abstract sourceParties(paymentIds: readonly string[], tx: Tx): Promise<Map<string, string>>;

  /** The refunds booked so far of these payments, with those that were withdrawn since. */
  abstract refundsOf(paymentIds: readonly string[], tx: Tx): Promise<Map<string, BookedRefund[]>>;

  /**
   * Appends bookings and answers those that were not there before, by natural key (payment, fact, leg): a repeat adds
   * nothing. Their settlement items, and what refunds took, are written with them.
   */
  abstract append(postings: readonly PlacedPosting[], tx: Tx): Promise<PlacedPosting[]>;

  /** Adds the lines of appended bookings to the balances, each row in the order of account and stripe. */
  abstract addToBalances(postings: readonly PlacedPosting[], tx: Tx): Promise<void>;
}
