import type { DisputeCategory } from '@gateway/contracts/wallet.network.disputes';
import type { Tx } from '@gateway/persistence';
import type { Dispute, Liability } from '../domain/disputes/dispute';

/** Disputes in the service's own database. Each is written under its payment's lock. */
export abstract class DisputeRepository {
  abstract insert(tx: Tx, dispute: Dispute, now: Date): Promise<void>;

  /** The disputes of payments whose locks the caller holds, oldest first. */
  abstract ofPayments(tx: Tx, paymentIds: readonly string[]): Promise<Dispute[]>;

  /** Reads one without a lock: of which payment it is. */
  abstract find(tx: Tx, id: string): Promise<Dispute | null>;

  /** Locks up to `limit` whose `due` has come (business time), passing over those that others hold. */
  abstract lockDue(tx: Tx, limit: number): Promise<Dispute[]>;

  /** Writes where they stand now. */
  abstract update(tx: Tx, disputes: readonly Dispute[], now: Date): Promise<void>;

  /** Who bears it, by the contract with the partner as it was when the payment was made; the gateway where it is silent. */
  abstract liabilityOf(tx: Tx, partnerId: string, category: DisputeCategory, madeAt: Date): Promise<Liability>;
}
