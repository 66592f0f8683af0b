import type { Tx } from '@gateway/persistence';
import type { LimitKey } from '../domain/limit-board';
import type { Reservation } from '../domain/reservation';
import type { SpendingLimit } from '../domain/spending-limit';

/** Reservations, locked per payment. */
export abstract class ReservationStore {
  /** All reservations of these payments, locked in the order of payment and instruction. */
  abstract lockOf(paymentIds: readonly string[], tx: Tx): Promise<Reservation[]>;

  /** New and changed ones, in one statement. */
  abstract save(reservations: readonly Reservation[], tx: Tx): Promise<void>;
}

/** Limit rows. */
export abstract class LimitStore {
  /**
   * Locks every float and exposure row and the rows of the partners concerned, in that order and each in the order of
   * ids; rows of `needed` that do not exist yet are made with the ceiling of the configuration (a partner's balance:
   * nothing). Since every batch takes the shared rows first, two batches cannot hold each other's.
   */
  abstract lock(needed: readonly LimitKey[], tx: Tx): Promise<SpendingLimit[]>;

  /** `reserved` and `used` of these rows, in one statement. */
  abstract save(limits: readonly SpendingLimit[], tx: Tx): Promise<void>;
}
