import type { Tx } from '@gateway/persistence';
import type { PaymentCase } from '../domain/advance-payment';
import type { Payment } from '../domain/payment';
import type { PaymentChange } from '../domain/payment-change';

/** Why an order's row was refused: what it names may be used once. */
export type RefusedColumn = 'quote_id' | 'source_instrument';

/** What became of a set of new payments. Every id given is in exactly one of the two. */
export interface InsertedPayments {
  won: Set<string>;
  refused: Map<string, RefusedColumn>;
}

/** The changes that one transaction made to one payment, with the payment as it stands after them. */
export interface ChangedPayment {
  payment: Payment;
  changes: readonly PaymentChange[];
}

/** Payments in the service's own database. Every method is set-based: one statement a table, whatever the batch's size. */
export abstract class PaymentRepository {
  /**
   * Inserts what was ordered and where it stands. A row whose quote or single-use instrument is taken is refused, takes
   * nothing, and says which; of two rows alike in one call one wins.
   */
  abstract insertNew(tx: Tx, payments: readonly Payment[], now: Date): Promise<InsertedPayments>;

  /** Locks payments in id order until the transaction ends. Unknown ids are absent from the answer. */
  abstract lock(tx: Tx, ids: readonly string[]): Promise<Map<string, Payment>>;

  /** Reads payments without locking them: what was ordered, and what is certain for good. */
  abstract find(tx: Tx, ids: readonly string[]): Promise<Map<string, Payment>>;

  /** Locks up to `limit` payments whose `due` has come (business time), passing over those that others hold. */
  abstract lockDue(tx: Tx, limit: number): Promise<Payment[]>;

  /** Has payments looked at later (business time), and leaves them as they are. */
  abstract postpone(tx: Tx, ids: readonly string[], due: Date): Promise<void>;

  /** Writes where the payments stand now. */
  abstract update(tx: Tx, payments: readonly Payment[], now: Date): Promise<void>;

  /** Appends the history: one row per payment and transaction, keyed by the payment's sequence. */
  abstract appendChanges(tx: Tx, changed: readonly ChangedPayment[], now: Date): Promise<void>;

  /** Opens cases. A fact about an unknown payment is a case too. */
  abstract openCases(tx: Tx, cases: readonly PaymentCase[]): Promise<void>;
}
