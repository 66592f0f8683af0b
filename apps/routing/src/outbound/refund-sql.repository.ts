import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { Refund } from '../domain/refund/refund';
import { RefundRepository } from '../use-cases/refund.repository';
import { REFUND_COLUMNS, refundOf, type RefundRow } from './refund.row';

const INSERT = `
  INSERT INTO refund (refund_id, payment_id, partner_id, partition, actor, rule, source_currency, source_minor,
    target_currency, target_minor, reason, reference, requested_by, return_id, created_at, state, standing, due,
    updated_at, bearer, by_hand)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`;

const OF_PAYMENT = `SELECT ${REFUND_COLUMNS} FROM refund r WHERE r.payment_id = $1 ORDER BY r.refund_id`;

const LOCK = `SELECT ${REFUND_COLUMNS} FROM refund r WHERE r.refund_id = ANY($1) ORDER BY r.refund_id FOR UPDATE`;

const LOCK_DUE = `
  SELECT ${REFUND_COLUMNS} FROM refund r
  WHERE r.due <= clock_now() AND r.state <> 'AWAITING_RATE' ORDER BY r.due LIMIT $1 FOR UPDATE SKIP LOCKED`;

const AWAITING_RATE = `
  SELECT r.refund_id, r.payment_id FROM refund r
  WHERE r.due <= clock_now() AND r.state = 'AWAITING_RATE' ORDER BY r.due LIMIT $1`;

const UPDATE = `
  UPDATE refund r SET state = u.state, standing = u.standing, due = u.due, updated_at = u.updated_at
  FROM json_to_recordset($1) AS u(refund_id text, state text, standing jsonb, due timestamptz, updated_at timestamptz)
  WHERE r.refund_id = u.refund_id`;

@Injectable()
export class SqlRefundRepository extends RefundRepository {
  async insert(tx: Tx, { id, createdAt, order, state, standing, due }: Refund, now: Date): Promise<void> {
    await tx.query(INSERT, [
      id,
      order.paymentId,
      order.partnerId,
      order.partition,
      order.actor,
      order.rule,
      order.source.currency.code,
      order.source.minor,
      order.target.currency.code,
      order.target.minor,
      order.reason,
      order.reference,
      order.requestedBy,
      order.returnId,
      createdAt,
      state,
      JSON.stringify(standing),
      due,
      now,
      order.bearer,
      order.byHand,
    ]);
  }

  async ofPayment(tx: Tx, paymentId: string): Promise<Refund[]> {
    return (await tx.query<RefundRow & Record<string, unknown>>(OF_PAYMENT, [paymentId])).map(refundOf);
  }

  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, Refund>> {
    const rows = await tx.query<RefundRow & Record<string, unknown>>(LOCK, [ids], 'refund_lock');
    return new Map(rows.map((row) => [row.refund_id, refundOf(row)]));
  }

  async lockDue(tx: Tx, limit: number): Promise<Refund[]> {
    return (await tx.query<RefundRow & Record<string, unknown>>(LOCK_DUE, [limit], 'refund_lock_due')).map(refundOf);
  }

  async awaitingRate(tx: Tx, limit: number): Promise<{ refundId: string; paymentId: string }[]> {
    const rows = await tx.query<{ refund_id: string; payment_id: string }>(AWAITING_RATE, [limit], 'refund_rate_day');
    return rows.map(({ refund_id: refundId, payment_id: paymentId }) => ({ refundId, paymentId }));
  }

  async update(tx: Tx, refunds: readonly Refund[], now: Date): Promise<void> {
    if (refunds.length === 0) return;
    const rows = refunds.map(({ id, state, standing, due }) => ({
      refund_id: id,
      state,
      standing,
      due,
      updated_at: now,
    }));
    await tx.query(UPDATE, [JSON.stringify(rows)], 'refund_update');
  }
}
