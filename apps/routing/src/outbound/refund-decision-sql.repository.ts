import { Money } from '@gateway/money';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import {
  RefundDecisionRepository,
  type RefundDecision,
  type RefundDecisionWish,
  type RefundWay,
} from '../use-cases/refund-decision.repository';

const COLUMNS = `decision_id, payment_id, refund_id, way, instrument_id, bank_reference, currency, amount_minor, reason,
  requested_by, verdict, decided_by`;

const INSERT = `
  INSERT INTO refund_decision (decision_id, payment_id, refund_id, way, instrument_id, bank_reference, currency,
    amount_minor, reason, requested_by, requested_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING decision_id`;

const FIND = `SELECT ${COLUMNS} FROM refund_decision WHERE decision_id = $1`;

const DECIDE = `
  UPDATE refund_decision SET verdict = $2, decided_by = $3, decided_at = $4 WHERE decision_id = $1 AND verdict IS NULL`;

interface Row {
  decision_id: string;
  payment_id: string;
  refund_id: string | null;
  way: RefundWay;
  instrument_id: string | null;
  bank_reference: string | null;
  currency: string | null;
  amount_minor: bigint | null;
  reason: string;
  requested_by: string;
  verdict: 'approved' | 'rejected' | null;
  decided_by: string | null;
}

@Injectable()
export class SqlRefundDecisionRepository extends RefundDecisionRepository {
  async insert(tx: Tx, decisionId: string, wish: RefundDecisionWish, now: Date): Promise<RefundDecision | null> {
    const rows = await tx.query(INSERT, [
      decisionId,
      wish.paymentId,
      wish.refundId,
      wish.way,
      wish.instrumentId,
      wish.bankReference,
      wish.amount?.currency.code ?? null,
      wish.amount?.minor ?? null,
      wish.reason,
      wish.requestedBy,
      now,
    ]);
    return rows.length === 0 ? null : { ...wish, decisionId, verdict: null, decidedBy: null };
  }

  find(tx: Tx, decisionId: string): Promise<RefundDecision | null> {
    return read(tx, FIND, decisionId);
  }

  lock(tx: Tx, decisionId: string): Promise<RefundDecision | null> {
    return read(tx, `${FIND} FOR UPDATE`, decisionId);
  }

  async decide(tx: Tx, decisionId: string, verdict: 'approved' | 'rejected', by: string, now: Date): Promise<void> {
    await tx.query(DECIDE, [decisionId, verdict, by, now]);
  }
}

async function read(tx: Tx, sql: string, decisionId: string): Promise<RefundDecision | null> {
  const [row] = await tx.query<Row & Record<string, unknown>>(sql, [decisionId]);
  if (row === undefined) return null;
  const { currency, amount_minor: minor } = row;
  return {
    decisionId: row.decision_id,
    paymentId: row.payment_id,
    refundId: row.refund_id,
    way: row.way,
    instrumentId: row.instrument_id,
    bankReference: row.bank_reference,
    amount: currency === null || minor === null ? null : Money.of(minor, currency),
    reason: row.reason,
    requestedBy: row.requested_by,
    verdict: row.verdict,
    decidedBy: row.decided_by,
  };
}
