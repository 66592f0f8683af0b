import type { Tx } from '@gateway/persistence';
import type { Payment } from '../domain/payment';
import type { RouteDecision } from '../domain/route/decide-route';
import type { PublicStatus } from '../domain/public-status';
import { paymentOf, type PaymentRow } from './payment.row';
import { READ_PAYMENTS } from './payment.sql';

/** The changes of one transaction, as the payment's event told them. */
export interface HistoryEntry {
  sequence: number;
  changes: {
    from: string;
    to: string;
    fact: string;
    at: string;
    money?: string;
    refund?: { refund_id: string; to: string };
    returned?: { return_id: string; to: string };
    dispute?: { dispute_id: string; to: string };
  }[];
}

/** A case as operators see it. */
export interface CaseEntry {
  id: string;
  payment: string;
  partner: string | null;
  kind: string;
  state: string;
  fact: string;
  instruction_id: string | null;
  detail: Record<string, string | number | null>;
  opened_at: Date;
}

/** What operators page by. */
export interface CaseQuery {
  paymentId: string | null;
  /** The id of a case: those that were opened before it. */
  before: string | null;
  /** Kinds that the person may not see. */
  without: readonly string[];
  limit: number;
}

/** What a partner pages by; ids exclude each other. */
export interface PageQuery {
  partnerId: string;
  limit: number;
  startingAfter: string | null;
  endingBefore: string | null;
  status: PublicStatus | null;
  createdFrom: Date | null;
  createdTo: Date | null;
  reference: string | null;
}

/** Reads payments for partners and operators; takes no lock. */
export class PaymentReader {
  async find(tx: Tx, ids: readonly string[]): Promise<Map<string, Payment>> {
    const sql = `${READ_PAYMENTS} WHERE g.payment_id = ANY($1)`;
    const rows = await tx.query<PaymentRow>(sql, [ids], 'payments_read');
    return new Map(rows.map((row) => [row.payment_id, paymentOf(row)]));
  }

  /** Why the payment goes the way it goes. */
  async routeOf(tx: Tx, id: string): Promise<RouteDecision | null> {
    const [row] = await tx.query<{ route: RouteDecision | null }>('SELECT route FROM payment WHERE payment_id = $1', [
      id,
    ]);
    return row?.route ?? null;
  }

  async historyOf(tx: Tx, id: string): Promise<HistoryEntry[]> {
    return tx.query<HistoryEntry & Record<string, unknown>>(
      'SELECT sequence, changes FROM payment_state_change WHERE payment_id = $1 ORDER BY sequence',
      [id],
      'payment_history',
    );
  }

  /** One more than the limit where there are more; ascending where the page ends before an id, else newest first. */
  async page(tx: Tx, query: PageQuery): Promise<Payment[]> {
    const rows = await tx.query<PaymentRow>(
      `${READ_PAYMENTS}
        WHERE p.partner_id = $1
          AND ($2::text IS NULL OR p.payment_id < $2) AND ($3::text IS NULL OR p.payment_id > $3)
          AND ($4::text IS NULL OR g.public_status = $4)
          AND ($5::timestamptz IS NULL OR p.created_at >= $5) AND ($6::timestamptz IS NULL OR p.created_at <= $6)
          AND ($7::text IS NULL OR p.reference = $7)
        ORDER BY p.payment_id ${query.endingBefore === null ? 'DESC' : 'ASC'} LIMIT $8`,
      [
        query.partnerId,
        query.startingAfter,
        query.endingBefore,
        query.status,
        query.createdFrom,
        query.createdTo,
        query.reference,
        query.limit + 1,
      ],
    );
    return rows.map(paymentOf);
  }

  /** Cases of one payment or of all, newest first and one more than the limit where there are more; some kinds are left out. */
  async cases(tx: Tx, { paymentId, before, without, limit }: CaseQuery): Promise<CaseEntry[]> {
    return tx.query<CaseEntry & Record<string, unknown>>(
      `SELECT case_id AS id, payment_id AS payment, partner_id AS partner, kind, state, fact, instruction_id,
              detail, opened_at
         FROM payment_case
        WHERE ($1::text IS NULL OR payment_id = $1) AND ($2::text IS NULL OR case_id < $2) AND kind <> ALL ($3::text[])
        ORDER BY case_id DESC LIMIT $4`,
      [paymentId, before, without, limit + 1],
    );
  }
}
