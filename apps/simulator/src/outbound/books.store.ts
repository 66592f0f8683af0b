import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { Network } from '../faults/fault';

/** The end user's money: -1 taken, +1 given, 0 held or released. */
export type Sign = -1 | 0 | 1;

/** One movement that a network executed. Written in the transaction that executes it. */
export interface Movement {
  readonly network: Network;
  readonly operation: string;
  /** Our request id. */
  readonly reference: string;
  readonly networkReference: string;
  /** Minor units. */
  readonly amount: bigint;
  readonly currency: string;
  readonly sign: Sign;
  /** Masked name of the end user's account. */
  readonly account: string;
  readonly at: Date;
  /** The network took back by itself what it had done: no request of ours asked for it. */
  readonly takenBack?: boolean;
}

/** A movement as the control API shows it. */
export interface MovementView {
  network: string;
  operation: string;
  reference: string;
  network_reference: string;
  amount: string;
  currency: string;
  sign: Sign;
  account: string;
  executed_at: Date;
  taken_back: boolean;
}

export interface BooksSummaryLine {
  network: string;
  operation: string;
  currency: string;
  sign: Sign;
  count: number;
  amount: string;
}

const COLUMNS =
  'network, operation, reference, network_reference, amount::text AS amount, currency, sign, account, executed_at, taken_back';
const PAGE = 1000;

/** The books of executed movements: the judge's evidence, independent of what was answered. */
@Injectable()
export class BooksStore {
  constructor(private readonly database: Database) {}

  async record(tx: Tx, movement: Movement): Promise<void> {
    await tx.query(
      `INSERT INTO movement (network, operation, reference, network_reference, amount, currency, sign, account, executed_at,
         taken_back)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        movement.network,
        movement.operation,
        movement.reference,
        movement.networkReference,
        movement.amount,
        movement.currency,
        movement.sign,
        movement.account,
        movement.at,
        movement.takenBack ?? false,
      ],
      'movement_insert',
    );
  }

  /** Movements in the order of execution, a page of 1,000 after the given position. */
  async page(after: string): Promise<{ movements: MovementView[]; next: string | null }> {
    const rows = await this.database.query<MovementView & { position: string }>(
      `SELECT id::text AS position, ${COLUMNS} FROM movement WHERE id > $1 ORDER BY id LIMIT ${PAGE}`,
      [after],
    );
    const next = rows.length === PAGE ? (rows.at(-1)?.position ?? null) : null;
    return { movements: rows.map(({ position: _, ...view }) => view), next };
  }

  /** Movements of one request id, of a network's id, or of every request id that starts with a payment's id. */
  async of(reference: string): Promise<MovementView[]> {
    return this.database.query(
      `SELECT ${COLUMNS} FROM movement
       WHERE reference = $1 OR network_reference = $1 OR starts_with(reference, $1 || '-') ORDER BY id`,
      [reference],
    );
  }

  async summary(): Promise<BooksSummaryLine[]> {
    return this.database.query(
      `SELECT network, operation, currency, sign, count(*)::int AS count, sum(amount)::text AS amount
       FROM movement GROUP BY network, operation, currency, sign ORDER BY network, operation, currency, sign`,
    );
  }
}
