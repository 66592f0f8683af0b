import type { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';

/**
 * What people do about a refund that no network pays. `other_instrument`: it is sent there; `bank_transfer`: they have paid
 * it; `late_refund`: a payment is refunded whose window at the payer's network is closed.
 */
export type RefundWay = 'other_instrument' | 'bank_transfer' | 'late_refund';

/** What one person asks for. */
export interface RefundDecisionWish {
  readonly paymentId: string;
  /** Null for a late refund, which its approval makes. */
  readonly refundId: string | null;
  readonly way: RefundWay;
  readonly instrumentId: string | null;
  /** As our bank's statement names the transfer; it counts once. */
  readonly bankReference: string | null;
  /** Of a late refund, on either side; null for all that is left. */
  readonly amount: Money | null;
  readonly reason: string;
  /** `operator:<id>`. */
  readonly requestedBy: string;
}

/** How it stands: decided by a second person, or not yet. */
export interface RefundDecision extends RefundDecisionWish {
  readonly decisionId: string;
  readonly verdict: 'approved' | 'rejected' | null;
  readonly decidedBy: string | null;
}

/** What people have asked for and decided about refunds. */
export abstract class RefundDecisionRepository {
  /** Null where something is open for this refund already, or the bank's reference was used before. */
  abstract insert(tx: Tx, decisionId: string, wish: RefundDecisionWish, now: Date): Promise<RefundDecision | null>;

  /** Takes no lock. */
  abstract find(tx: Tx, decisionId: string): Promise<RefundDecision | null>;

  /** Locks it; its payment is locked before. */
  abstract lock(tx: Tx, decisionId: string): Promise<RefundDecision | null>;

  /** Writes the verdict. A database constraint refuses the person who asked. */
  abstract decide(tx: Tx, decisionId: string, verdict: 'approved' | 'rejected', by: string, now: Date): Promise<void>;
}
