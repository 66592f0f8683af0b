import { Money } from '@gateway/money';
import type { ReturnedCredit, ReturnStanding } from '../domain/returns/returned-credit';
import type { ReturnState } from '../domain/returns/return-state';

/** A returned credit as the table has it. */
export interface ReturnRow {
  return_id: string;
  payment_id: string;
  partner_id: string;
  partition: number;
  credit_id: string;
  currency: string;
  amount_minor: bigint;
  created_at: Date;
  state: ReturnState;
  standing: ReturnStanding;
  due: Date | null;
}

export const RETURN_COLUMNS = `r.return_id, r.payment_id, r.partner_id, r.partition, r.credit_id, r.currency, r.amount_minor,
  r.created_at, r.state, r.standing, r.due`;

export function returnOf(row: ReturnRow): ReturnedCredit {
  return {
    id: row.return_id,
    createdAt: row.created_at,
    order: {
      paymentId: row.payment_id,
      partnerId: row.partner_id,
      partition: row.partition,
      creditId: row.credit_id,
      amount: Money.of(row.amount_minor, row.currency),
    },
    state: row.state,
    standing: row.standing,
    due: row.due,
  };
}
