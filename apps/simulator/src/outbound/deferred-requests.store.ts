import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { Network } from '../faults/fault';
import type { JsonObject } from '../wire/fields';

export interface DeferredRequest {
  readonly id: bigint;
  readonly network: Network;
  readonly operation: string;
  readonly request: JsonObject;
  readonly now: Date;
}

/** Requests that a network was told to execute later. */
@Injectable()
export class DeferredRequestsStore {
  constructor(private readonly database: Database) {}

  async defer(network: Network, operation: string, request: JsonObject, dueInMs: number): Promise<void> {
    await this.database.query(
      `INSERT INTO deferred_request (network, operation, request, due)
       VALUES ($1, $2, $3, clock_now() + $4 * interval '1 millisecond')`,
      [network, operation, request, dueInMs],
    );
  }

  /** Runs `work` for one due request and marks it done in the same transaction; false when nothing was due. */
  async takeDue(work: (request: DeferredRequest) => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (tx: Tx) => {
      const [due] = await tx.query<DeferredRequest>(
        `SELECT id, network, operation, request, clock_now() AS now FROM deferred_request
         WHERE NOT done AND due <= clock_now() ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      if (!due) return false;
      await work(due);
      await tx.query('UPDATE deferred_request SET done = true WHERE id = $1', [due.id]);
      return true;
    });
  }
}
