import { Money } from '@gateway/money';
import type { Refund, RefundStanding } from '../domain/refund/refund';
import type { RefundBearer, RefundRule } from '../domain/refund/refund-rule';
import type { RefundState } from '../domain/refund/refund-state';

/** A refund as the table has it. */
export interface RefundRow {
  refund_id: string;
  payment_id: string;
  partner_id: string;
  partition: number;
  actor: string;
  rule: RefundRule;
  bearer: RefundBearer | null;
  by_hand: boolean;
  source_currency: string;
  source_minor: bigint;
  target_currency: string;
  target_minor: bigint;
  reason: string | null;
  reference: string | null;
  requested_by: string;
  return_id: string | null;
  created_at: Date;
  state: RefundState;
  standing: RefundStanding;
  due: Date | null;
}

export const REFUND_COLUMNS = `r.refund_id, r.payment_id, r.partner_id, r.partition, r.actor, r.rule, r.source_currency,
  r.source_minor, r.target_currency, r.target_minor, r.reason, r.reference, r.requested_by, r.return_id, r.created_at, r.state,
  r.standing, r.due, r.bearer, r.by_hand`;

const NOTHING_MORE = { moved: null, owedSince: null, elsewhere: null };

export function refundOf(row: RefundRow): Refund {
  return {
    id: row.refund_id,
    createdAt: row.created_at,
    order: {
      paymentId: row.payment_id,
      partnerId: row.partner_id,
      partition: row.partition,
      actor: row.actor,
      rule: row.rule,
      bearer: row.bearer,
      byHand: row.by_hand,
      source: Money.of(row.source_minor, row.source_currency),
      target: Money.of(row.target_minor, row.target_currency),
      reason: row.reason,
      reference: row.reference,
      requestedBy: row.requested_by,
      returnId: row.return_id,
    },
    state: row.state,
    // Rows of before these were known lack them.
    standing: { ...NOTHING_MORE, ...row.standing },
    due: row.due,
  };
}
