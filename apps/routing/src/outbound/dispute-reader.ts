import type { Tx } from '@gateway/persistence';
import type { Dispute } from '../domain/disputes/dispute';
import type { DisputeState } from '../domain/disputes/dispute-state';
import { DISPUTE_COLUMNS, disputeOf, type DisputeRow } from './dispute.row';

type Row = DisputeRow & Record<string, unknown>;

/** What a partner pages by. */
export interface DisputePage {
  partnerId: string;
  paymentId: string | null;
  states: readonly DisputeState[] | null;
  startingAfter: string | null;
  limit: number;
}

/** Reads disputes for partners; takes no lock. */
export class DisputeReader {
  async find(tx: Tx, disputeId: string): Promise<Dispute | null> {
    const sql = `SELECT ${DISPUTE_COLUMNS} FROM dispute d WHERE d.dispute_id = $1`;
    const [row] = await tx.query<Row>(sql, [disputeId], 'dispute_read');
    return row === undefined ? null : disputeOf(row);
  }

  async all(tx: Tx, paymentId: string): Promise<Dispute[]> {
    const sql = `SELECT ${DISPUTE_COLUMNS} FROM dispute d WHERE d.payment_id = $1 ORDER BY d.dispute_id`;
    return (await tx.query<Row>(sql, [paymentId], 'disputes_of_payment')).map(disputeOf);
  }

  /** One more than the limit where there are more, newest first. */
  async page(tx: Tx, { partnerId, paymentId, states, startingAfter, limit }: DisputePage): Promise<Dispute[]> {
    const rows = await tx.query<Row>(
      `SELECT ${DISPUTE_COLUMNS} FROM dispute d
        WHERE d.partner_id = $1 AND ($2::text IS NULL OR d.payment_id = $2) AND ($3::text[] IS NULL OR d.state = ANY($3))
          AND ($4::text IS NULL OR d.dispute_id < $4)
        ORDER BY d.dispute_id DESC LIMIT $5`,
      [partnerId, paymentId, states, startingAfter, limit + 1],
      'dispute_page',
    );
    return rows.map(disputeOf);
  }
}
