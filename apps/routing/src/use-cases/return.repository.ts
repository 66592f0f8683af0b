import type { Tx } from '@gateway/persistence';
import type { ReturnedCredit } from '../domain/returns/returned-credit';

/** Returned credits in the service's own database. Each is written under its payment's lock. */
export abstract class ReturnRepository {
  abstract insert(tx: Tx, returned: ReturnedCredit, now: Date): Promise<void>;

  /** The returned credits of payments whose locks the caller holds, oldest first. */
  abstract ofPayments(tx: Tx, paymentIds: readonly string[]): Promise<ReturnedCredit[]>;

  /** Reads one without a lock: what came back, and of which payment. */
  abstract find(tx: Tx, id: string): Promise<ReturnedCredit | null>;

  /** Locks up to `limit` whose `due` has come (business time), passing over those that others hold. */
  abstract lockDue(tx: Tx, limit: number): Promise<ReturnedCredit[]>;

  /** Writes where they stand now. */
  abstract update(tx: Tx, returns: readonly ReturnedCredit[], now: Date): Promise<void>;
}
