import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { ReturnedCredit } from '../domain/returns/returned-credit';
import { ReturnRepository } from '../use-cases/return.repository';
import { RETURN_COLUMNS, returnOf, type ReturnRow } from './return.row';

const INSERT = `
  INSERT INTO returned_credit (return_id, payment_id, partner_id, partition, credit_id, currency, amount_minor, created_at,
    state, standing, due, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

const OF_PAYMENTS = `
  SELECT ${RETURN_COLUMNS} FROM returned_credit r WHERE r.payment_id = ANY($1) ORDER BY r.return_id FOR UPDATE`;

const FIND = `SELECT ${RETURN_COLUMNS} FROM returned_credit r WHERE r.return_id = $1`;

const LOCK_DUE = `
  SELECT ${RETURN_COLUMNS} FROM returned_credit r
  WHERE r.due <= clock_now() ORDER BY r.due LIMIT $1 FOR UPDATE SKIP LOCKED`;

const UPDATE = `
  UPDATE returned_credit r SET state = u.state, standing = u.standing, due = u.due, updated_at = u.updated_at
  FROM json_to_recordset($1) AS u(return_id text, state text, standing jsonb, due timestamptz, updated_at timestamptz)
  WHERE r.return_id = u.return_id`;

type Row = ReturnRow & Record<string, unknown>;

@Injectable()
export class SqlReturnRepository extends ReturnRepository {
  async insert(tx: Tx, { id, createdAt, order, state, standing, due }: ReturnedCredit, now: Date): Promise<void> {
    await tx.query(INSERT, [
      id,
      order.paymentId,
      order.partnerId,
      order.partition,
      order.creditId,
      order.amount.currency.code,
      order.amount.minor,
      createdAt,
      state,
      JSON.stringify(standing),
      due,
      now,
    ]);
  }

  async ofPayments(tx: Tx, paymentIds: readonly string[]): Promise<ReturnedCredit[]> {
    return (await tx.query<Row>(OF_PAYMENTS, [paymentIds], 'returns_of_payments')).map(returnOf);
  }

  async find(tx: Tx, id: string): Promise<ReturnedCredit | null> {
    const [row] = await tx.query<Row>(FIND, [id], 'return_find');
    return row === undefined ? null : returnOf(row);
  }

  async lockDue(tx: Tx, limit: number): Promise<ReturnedCredit[]> {
    return (await tx.query<Row>(LOCK_DUE, [limit], 'return_lock_due')).map(returnOf);
  }

  async update(tx: Tx, returns: readonly ReturnedCredit[], now: Date): Promise<void> {
    if (returns.length === 0) return;
    const rows = returns.map(({ id, state, standing, due }) => ({
      return_id: id,
      state,
      standing,
      due,
      updated_at: now,
    }));
    await tx.query(UPDATE, [JSON.stringify(rows)], 'return_update');
  }
}
