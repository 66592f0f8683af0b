import type { Tx } from '@gateway/persistence';
import type { Refund } from '../domain/refund/refund';

/** Refunds in the service's own database. A refund is written under its payment's lock, or under its own row's. */
export abstract class RefundRepository {
  abstract insert(tx: Tx, refund: Refund, now: Date): Promise<void>;

  /** All refunds of a payment whose lock the caller holds, oldest first. */
  abstract ofPayment(tx: Tx, paymentId: string): Promise<Refund[]>;

  /** Locks refunds in id order; their payments are locked before. Unknown ids are absent from the answer. */
  abstract lock(tx: Tx, ids: readonly string[]): Promise<Map<string, Refund>>;

  /**
   * Locks up to `limit` refunds whose `due` has come (business time) and for which an answer is waited, passing over those
   * that others hold.
   */
  abstract lockDue(tx: Tx, limit: number): Promise<Refund[]>;

  /** Up to `limit` refunds that waited for a rate which is there now, with their payments; takes no lock. */
  abstract awaitingRate(tx: Tx, limit: number): Promise<{ refundId: string; paymentId: string }[]>;

  /** Writes where the refunds stand now. */
  abstract update(tx: Tx, refunds: readonly Refund[], now: Date): Promise<void>;
}
