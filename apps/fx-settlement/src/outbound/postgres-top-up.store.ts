import { Money } from '@gateway/money';
import { Database } from '@gateway/persistence';
import type { Tx } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { TopUpStore } from '../use-cases/top-up-store';
import type { PartnerBalance, TopUp, TopUpRequest } from '../use-cases/top-up-store';

const INSERT = `
  INSERT INTO top_up (top_up_id, partner_id, currency, amount, bank_reference, requested_by, requested_at)
  VALUES ($1, $2, $3, $4, $5, $6, clock_now()) ON CONFLICT (partner_id, currency, bank_reference) DO NOTHING
  RETURNING top_up_id`;

const LOCK = `
  SELECT top_up_id, partner_id, currency, amount, bank_reference, requested_by, approved_by FROM top_up
  WHERE top_up_id = $1 FOR UPDATE`;

const APPROVE = 'UPDATE top_up SET approved_by = $2, approved_at = clock_now() WHERE top_up_id = $1';

const RAISE = `
  INSERT INTO spending_limit AS s (kind, subject, currency, ceiling) VALUES ('partner_balance', $1, $2, $3)
  ON CONFLICT (kind, subject, currency) DO UPDATE SET ceiling = s.ceiling + EXCLUDED.ceiling`;

const BALANCES = `
  SELECT currency, ceiling - used AS balance, reserved FROM spending_limit
  WHERE kind = 'partner_balance' AND subject = $1 ORDER BY currency`;

interface TopUpRow {
  top_up_id: string;
  partner_id: string;
  currency: string;
  amount: bigint;
  bank_reference: string;
  requested_by: string;
  approved_by: string | null;
}

@Injectable()
export class PostgresTopUpStore extends TopUpStore {
  constructor(private readonly database: Database) {
    super();
  }

  async insert(topUpId: string, request: TopUpRequest, tx: Tx): Promise<TopUp | null> {
    const { partnerId, amount, bankReference, requestedBy } = request;
    const values = [topUpId, partnerId, amount.currency.code, amount.minor, bankReference, requestedBy];
    const rows = await tx.query(INSERT, values);
    return rows.length === 0 ? null : { ...request, topUpId, approvedBy: null };
  }

  async lock(topUpId: string, tx: Tx): Promise<TopUp | null> {
    const [row] = await tx.query<TopUpRow & Record<string, unknown>>(LOCK, [topUpId]);
    if (row === undefined) return null;
    return {
      topUpId: row.top_up_id,
      partnerId: row.partner_id,
      amount: Money.of(row.amount, row.currency),
      bankReference: row.bank_reference,
      requestedBy: row.requested_by,
      approvedBy: row.approved_by,
    };
  }

  async approve({ topUpId, partnerId, amount }: TopUp, approvedBy: string, tx: Tx): Promise<void> {
    await tx.query(APPROVE, [topUpId, approvedBy]);
    await tx.query(RAISE, [partnerId, amount.currency.code, amount.minor]);
  }

  async balancesOf(partnerId: string): Promise<PartnerBalance[]> {
    return this.database.query<PartnerBalance & Record<string, unknown>>(BALANCES, [partnerId]);
  }
}
