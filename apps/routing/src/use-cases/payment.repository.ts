import type { Tx } from '@gateway/persistence';
import type { Payment } from '../domain/payment';
import type { PaymentCase, PaymentChange } from '../domain/advance-payment';

/** Why an order's row was refused: what it names may be used once. */
export type RefusedColumn = 'quote_id' | 'source_instrument';

/** What became of a set of new payments. Every id given is in exactly one of the two. */
export interface InsertedPayments {
  won: Set<string>;
  refused: Map<string, RefusedColumn>;
}

/** One payment as a transaction leaves it, with what happened to it. */
export interface AdvancedPayment {
  payment: Payment;
  changes: readonly PaymentChange[];
  cases: readonly PaymentCase[];
}

/** Payments in the service's own database. Every method is set-based: one statement a table, whatever the size of the batch. */
export abstract class PaymentRepository {
  /**
   * Inserts what was ordered and where it stands. A row whose quote or single-use instrument is taken is refused, takes
   * nothing, and says which; of two rows alike in one call the first wins.
   */
  abstract insertNew(tx: Tx, payments: readonly Payment[]): Promise<InsertedPayments>;

  /** Locks payments in id order until the transaction ends. Unknown ids are absent from the answer. */
  abstract lock(tx: Tx, ids: readonly string[]): Promise<Map<string, Payment>>;

  /** Locks up to `limit` payments whose `due` has come (business time), passing over those that others hold. */
  abstract lockDue(tx: Tx, limit: number): Promise<Payment[]>;

  /** Writes where the payments stand now. */
  abstract update(tx: Tx, payments: readonly Payment[]): Promise<void>;

  /** Appends the history of what changed: one row per payment and transaction. */
  abstract appendChanges(tx: Tx, advanced: readonly AdvancedPayment[]): Promise<void>;

  /** Opens cases. `paymentId` need not be known: a fact about an unknown payment is a case too. */
  abstract openCases(tx: Tx, cases: readonly PaymentCase[]): Promise<void>;

  /** Business time of this transaction. */
  abstract now(tx: Tx): Promise<Date>;
}
