import type { Tx } from '@gateway/persistence';
import { LimitBoard } from '../domain/limit-board';
import type { LimitKey } from '../domain/limit-board';
import type { LimitKind, SpendingLimit } from '../domain/spending-limit';
import { LimitStore } from '../use-cases/reservation-store';
import { columns } from './column';

const LOCK = `
  SELECT limit_id, kind, subject, currency, ceiling, reserved, used
  FROM spending_limit WHERE kind IN ('float', 'exposure') OR subject = ANY($1::text[])
  ORDER BY kind NOT IN ('float', 'exposure'), limit_id FOR UPDATE`;

const MAKE = `
  INSERT INTO spending_limit (kind, subject, currency, ceiling)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS l (kind, subject, currency, ceiling)
  ORDER BY kind, subject, currency
  ON CONFLICT DO NOTHING`;

const SAVE = `
  UPDATE spending_limit AS s SET reserved = l.reserved, used = l.used
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS l (limit_id, reserved, used)
  WHERE s.limit_id = l.limit_id`;

/** Ceilings of limits that nobody has set yet, in minor units per kind; a balance begins at nothing. */
export type DefaultCeilings = Readonly<Record<Exclude<LimitKind, 'partner_balance'>, bigint>>;

/** Kinds whose rows belong to one partner: only those of the batch's partners are locked. */
const OF_PARTNER: ReadonlySet<LimitKind> = new Set(['net_debit', 'partner_balance']);

interface LimitRow {
  limit_id: bigint;
  kind: LimitKind;
  subject: string;
  currency: string;
  ceiling: bigint;
  reserved: bigint;
  used: bigint;
}

export class PostgresLimitStore extends LimitStore {
  constructor(private readonly ceilings: DefaultCeilings) {
    super();
  }

  async lock(needed: readonly LimitKey[], tx: Tx): Promise<SpendingLimit[]> {
    const partners = [...new Set(needed.filter((key) => OF_PARTNER.has(key.kind)).map((key) => key.subject))];
    const limits = await this.select(partners, tx);
    const missing = new LimitBoard(limits).missing(needed);
    if (missing.length === 0) return limits;
    await tx.query(
      MAKE,
      columns(
        missing,
        (key) => key.kind,
        (key) => key.subject,
        (key) => key.currency,
        (key) => (key.kind === 'partner_balance' ? 0n : this.ceilings[key.kind]),
      ),
    );
    return this.select(partners, tx);
  }

  async save(limits: readonly SpendingLimit[], tx: Tx): Promise<void> {
    const values = columns(
      limits,
      (limit) => limit.id,
      (limit) => limit.reserved,
      (limit) => limit.used,
    );
    await tx.query(SAVE, values, 'limit-save');
  }

  private async select(partners: readonly string[], tx: Tx): Promise<SpendingLimit[]> {
    const rows = await tx.query<LimitRow>(LOCK, [partners], 'limit-lock');
    return rows.map(({ limit_id, ...row }) => ({ id: limit_id, ...row }));
  }
}
