import type { Tx } from '@gateway/persistence';
import type { Dispute } from '../domain/disputes/dispute';
import type { Payment } from '../domain/payment';
import type { PublicStatus } from '../domain/public-status';
import type { Refund } from '../domain/refund/refund';
import type { ReturnedCredit } from '../domain/returns/returned-credit';

/** A payment whose public status changed in this transaction. */
export interface PublicStatusChange {
  payment: Payment;
  status: PublicStatus;
  /** The sequence of the payment event that tells it: with the payment id the natural key of a message about it. */
  sequence: number;
  at: Date;
}

/** A refund whose status changed in this transaction, as it stands after it. */
export interface RefundStatusChange {
  refund: Refund;
  payment: Payment;
  /** The sequence of the payment event that tells it. */
  sequence: number;
  at: Date;
}

/** A returned credit whose status changed in this transaction, as it stands after it. */
export interface ReturnStatusChange {
  returned: ReturnedCredit;
  payment: Payment;
  /** Whether it has only now come back. */
  isNew: boolean;
  /** The sequence of the payment event that tells it. */
  sequence: number;
  at: Date;
}

/** A dispute whose status changed in this transaction, as it stands after it. */
export interface DisputeStatusChange {
  dispute: Dispute;
  payment: Payment;
  /** Whether the network has only now told of it. */
  isNew: boolean;
  /** The sequence of the payment event that tells it. */
  sequence: number;
  at: Date;
}

/** Whoever tells partners: rows are written in the transaction that changed the status, sending comes later. */
export abstract class PublicStatusChanges {
  abstract record(tx: Tx, changes: readonly PublicStatusChange[]): Promise<void>;

  /** Payments that ended without a credit and whose payee proves to have it: their status stays. */
  abstract recordLateCredits(tx: Tx, changes: readonly PublicStatusChange[]): Promise<void>;

  abstract recordRefunds(tx: Tx, changes: readonly RefundStatusChange[]): Promise<void>;

  abstract recordReturns(tx: Tx, changes: readonly ReturnStatusChange[]): Promise<void>;

  abstract recordDisputes(tx: Tx, changes: readonly DisputeStatusChange[]): Promise<void>;
}
