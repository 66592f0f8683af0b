import type { AuditRecord } from '@gateway/contracts/audit.service.v1';
import type { Tx } from '@gateway/persistence';

/** A record with the incarnation of its stream: a restored writer starts a new one. */
export type StoredAuditRecord = AuditRecord & { incarnation: number };

/** A hole in a stream: records between the last one before it and `nextSequence` have not come. */
export interface AuditGap {
  service: string;
  bucket: number;
  missingFrom: number;
  nextSequence: number;
}

/** The append-only copy of all audit topics. */
export abstract class AuditLog {
  abstract append(records: readonly StoredAuditRecord[], tx: Tx): Promise<void>;
  abstract gaps(): Promise<AuditGap[]>;
  abstract count(): Promise<number>;
}
