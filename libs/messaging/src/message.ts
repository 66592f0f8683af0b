import type { Contract } from '@gateway/contracts/contract';
import type { Tx } from '@gateway/persistence';

/** A record as a handler sees it: decoded, checked against its contract, not yet seen before in this group. */
export interface InboundRecord<P = unknown> {
  contract: Contract<P>;
  /** Payment id (batch id for settlement, stream id for audit). */
  key: string;
  partition: number;
  /** Kafka's offset as decimal digits; null where the record comes from `parked` or a test. */
  offset: string | null;
  /** CloudEvents id. */
  id: string;
  /** ISO 8601, when the writer committed it. */
  time: string;
  /** Of history contracts. */
  sequence?: number;
  incarnation?: number;
  traceparent?: string;
  data: P;
}

/** A record to be published. Its bytes are finished when the transaction commits and never change. */
export interface OutboundRecord<P = unknown> {
  contract: Contract<P>;
  data: P;
  /** The payment's partition, fixed when the payment was made. */
  partition: number;
  /** Of history contracts: taken under the row lock of the key's aggregate. */
  sequence?: number;
  incarnation?: number;
  traceparent?: string;
}

/** What a transaction did to one subject; messaging numbers it within its stream and publishes it on `audit.<service>.v1`. */
export interface AuditEntry {
  subjectId: string;
  partnerId?: string;
  /** The subject's partition: chooses the stream. */
  bucket: number;
  actor: string;
  actions: { action: string; detail?: Record<string, string | number | boolean | null> }[];
}

/** What a transaction wants told to the outside once it has committed. */
export interface Emitted {
  records: OutboundRecord[];
  audit?: AuditEntry[];
  /**
   * Called once right after the commit and never after a rollback: what the transaction has leased may start now
   * (design S7: the lease is committed before the socket opens). It must not throw and is not awaited.
   */
  afterCommit?: () => void;
}

/**
 * A batch handler. It gets what waits (at most 500 records, in order per topic and partition) and the open transaction,
 * and returns what to publish. It never commits, publishes or calls out; it throws only for bugs and broken connections.
 */
export type BatchHandler = (records: InboundRecord[], tx: Tx) => Promise<Emitted>;

/** Narrows a record to the contract it came on. */
export function isOf<P>(record: InboundRecord, contract: Contract<P>): record is InboundRecord<P> {
  return record.contract.topic === contract.topic;
}

/** Shorthand for handlers with nothing to tell. */
export const NOTHING: Emitted = { records: [] };
