import type { Tx } from '@gateway/persistence';
import type { Emitted } from './message';

/** How requests at an edge are joined (design S8). Limits have defaults: 200 a batch, 2 transactions, 1,000 waiting, 1 s old. */
export interface EdgeBatcherOptions<Q, A> {
  name: string;
  /** Orders a batch so that two instances take their locks in one order. */
  compare: (left: Q, right: Q) => number;
  /** Handles one batch in one open transaction; answers in the order of the requests. */
  handle: (requests: readonly Q[], tx: Tx) => Promise<{ answers: A[]; emit: Emitted }>;
  maxBatch?: number;
  maxOpen?: number;
  maxWaiting?: number;
  maxAgeMs?: number;
}

/** Thrown to a caller when too much waits: 503 with Retry-After at the HTTP edge. */
export class EdgeBusy extends Error {}
