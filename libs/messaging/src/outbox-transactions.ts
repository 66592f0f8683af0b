import type { Tx } from '@gateway/persistence';
import type { Emitted } from './message';

/** What work inside a transaction gives back: its result for the caller, and what to publish. */
export interface Worked<T> {
  result: T;
  emit: Emitted;
}

/**
 * Transactions that publish, outside of consuming: the HTTP edge, timers, call outcomes. The outbox rows are written in
 * the same transaction, one per target topic; after the commit they are handed to the process's one publisher.
 */
export abstract class OutboxTransactions {
  abstract run<T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T>;
}
