import type { Authentication, DisputeCategory } from '@gateway/contracts/wallet.network.disputes';
import { Money } from '@gateway/money';
import type { Dispute, DisputeStanding, Liability } from '../domain/disputes/dispute';
import type { DisputeState } from '../domain/disputes/dispute-state';

/** A dispute as the table has it. */
export interface DisputeRow {
  dispute_id: string;
  payment_id: string;
  partner_id: string;
  partition: number;
  network_reference: string;
  currency: string;
  amount_minor: bigint;
  fee_currency: string | null;
  fee_minor: bigint | null;
  category: DisputeCategory;
  reason_code: string;
  received_at: Date;
  liability: Liability;
  authentication: Authentication | null;
  created_at: Date;
  state: DisputeState;
  standing: DisputeStanding;
  due: Date | null;
}

export const DISPUTE_COLUMNS = `d.dispute_id, d.payment_id, d.partner_id, d.partition, d.network_reference, d.currency,
  d.amount_minor, d.fee_currency, d.fee_minor, d.category, d.reason_code, d.received_at, d.liability, d.authentication,
  d.created_at, d.state, d.standing, d.due`;

export function disputeOf(row: DisputeRow): Dispute {
  const { fee_minor: fee, fee_currency: feeCurrency } = row;
  return {
    id: row.dispute_id,
    createdAt: row.created_at,
    order: {
      paymentId: row.payment_id,
      partnerId: row.partner_id,
      partition: row.partition,
      networkReference: row.network_reference,
      amount: Money.of(row.amount_minor, row.currency),
      fee: fee === null || feeCurrency === null ? null : Money.of(fee, feeCurrency),
      category: row.category,
      reasonCode: row.reason_code,
      receivedAt: row.received_at,
      liability: row.liability,
      authentication: row.authentication,
    },
    state: row.state,
    standing: row.standing,
    due: row.due,
  };
}
