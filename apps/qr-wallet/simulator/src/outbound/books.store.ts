import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';

/** One movement of a payer's money, written in the transaction that executes it. */
export interface Movement {
  readonly operation: 'pay' | 'cancel' | 'refund';
  /** The merchant's id of the request that did it. */
  readonly reference: string;
  readonly qrpayId: string;
  /** Minor units. */
  readonly amount: bigint;
  readonly currency: string;
  readonly at: Date;
}

/** A movement as the control API shows it, in the form of the common simulator's books. */
export interface MovementView {
  network: string;
  operation: string;
  reference: string;
  network_reference: string;
  amount: string;
  currency: string;
  sign: number;
  executed_at: Date;
}

const VIEW = `
  SELECT 'qrpay' AS network, operation, reference, network_reference, amount::text AS amount, currency, sign, executed_at
  FROM movement`;

/** The books of executed movements: independent of what was answered. */
@Injectable()
export class BooksStore {
  constructor(private readonly database: Database) {}

  async record(tx: Tx, { operation, reference, qrpayId, amount, currency, at }: Movement): Promise<void> {
    await tx.query(
      `INSERT INTO movement (operation, reference, network_reference, amount, currency, sign, executed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [operation, reference, qrpayId, amount, currency, operation === 'pay' ? -1 : 1, at],
    );
  }

  /** Movements of one id, or of every id that starts with a payment's id; of all without one. */
  async of(reference: string | null): Promise<MovementView[]> {
    return this.database.query(
      `${VIEW} WHERE $1::text IS NULL OR reference = $1 OR starts_with(reference, $1 || '-') ORDER BY id`,
      [reference],
    );
  }
}
