import type { DisputeCategory } from '@gateway/contracts/wallet.network.disputes';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { Dispute, Liability } from '../domain/disputes/dispute';
import { DisputeRepository } from '../use-cases/dispute.repository';
import { DISPUTE_COLUMNS, disputeOf, type DisputeRow } from './dispute.row';

const INSERT = `
  INSERT INTO dispute (dispute_id, payment_id, partner_id, partition, network_reference, currency, amount_minor,
    fee_currency, fee_minor, category, reason_code, received_at, liability, authentication, created_at, state, standing,
    due, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`;

const OF_PAYMENTS = `
  SELECT ${DISPUTE_COLUMNS} FROM dispute d WHERE d.payment_id = ANY($1) ORDER BY d.dispute_id FOR UPDATE`;

const FIND = `SELECT ${DISPUTE_COLUMNS} FROM dispute d WHERE d.dispute_id = $1`;

const LOCK_DUE = `
  SELECT ${DISPUTE_COLUMNS} FROM dispute d
  WHERE d.due <= clock_now() ORDER BY d.due LIMIT $1 FOR UPDATE SKIP LOCKED`;

const UPDATE = `
  UPDATE dispute d SET state = u.state, standing = u.standing, due = u.due, updated_at = u.updated_at
  FROM json_to_recordset($1) AS u(dispute_id text, state text, standing jsonb, due timestamptz, updated_at timestamptz)
  WHERE d.dispute_id = u.dispute_id`;

/** A row for the category itself goes before one for all; of several the latest that was in force. */
const LIABILITY = `
  SELECT bearer, clause FROM dispute_liability
  WHERE partner_id = $1 AND category IN ($2, '*') AND valid_from <= $3
    AND (valid_to IS NULL OR $3 < valid_to)
  ORDER BY category = '*', valid_from DESC LIMIT 1`;

/** Where no contract says otherwise. */
const SILENT: Liability = { bearer: 'gateway', clause: 'none' };

type Row = DisputeRow & Record<string, unknown>;

@Injectable()
export class SqlDisputeRepository extends DisputeRepository {
  async insert(tx: Tx, { id, createdAt, order, state, standing, due }: Dispute, now: Date): Promise<void> {
    await tx.query(INSERT, [
      id,
      order.paymentId,
      order.partnerId,
      order.partition,
      order.networkReference,
      order.amount.currency.code,
      order.amount.minor,
      order.fee?.currency.code ?? null,
      order.fee?.minor ?? null,
      order.category,
      order.reasonCode,
      order.receivedAt,
      JSON.stringify(order.liability),
      order.authentication === null ? null : JSON.stringify(order.authentication),
      createdAt,
      state,
      JSON.stringify(standing),
      due,
      now,
    ]);
  }

  async ofPayments(tx: Tx, paymentIds: readonly string[]): Promise<Dispute[]> {
    return (await tx.query<Row>(OF_PAYMENTS, [paymentIds], 'disputes_of_payments')).map(disputeOf);
  }

  async find(tx: Tx, id: string): Promise<Dispute | null> {
    const [row] = await tx.query<Row>(FIND, [id], 'dispute_find');
    return row === undefined ? null : disputeOf(row);
  }

  async lockDue(tx: Tx, limit: number): Promise<Dispute[]> {
    return (await tx.query<Row>(LOCK_DUE, [limit], 'dispute_lock_due')).map(disputeOf);
  }

  async update(tx: Tx, disputes: readonly Dispute[], now: Date): Promise<void> {
    if (disputes.length === 0) return;
    const rows = disputes.map(({ id, state, standing, due }) => ({
      dispute_id: id,
      state,
      standing,
      due,
      updated_at: now,
    }));
    await tx.query(UPDATE, [JSON.stringify(rows)], 'dispute_update');
  }

  async liabilityOf(tx: Tx, partnerId: string, category: DisputeCategory, madeAt: Date): Promise<Liability> {
    const [row] = await tx.query<Liability & Record<string, unknown>>(LIABILITY, [partnerId, category, madeAt]);
    return row ?? SILENT;
  }
}
