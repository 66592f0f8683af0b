import type { Tx } from '@gateway/persistence';
import type { ReturnedCredit } from '../domain/returns/returned-credit';
import { RETURN_COLUMNS, returnOf, type ReturnRow } from './return.row';

/** Reads returned credits for partners; takes no lock. */
export class ReturnReader {
  async find(tx: Tx, returnId: string): Promise<ReturnedCredit | null> {
    const sql = `SELECT ${RETURN_COLUMNS} FROM returned_credit r WHERE r.return_id = $1`;
    const [row] = await tx.query<ReturnRow & Record<string, unknown>>(sql, [returnId], 'return_read');
    return row === undefined ? null : returnOf(row);
  }

  async all(tx: Tx, paymentId: string): Promise<ReturnedCredit[]> {
    const sql = `SELECT ${RETURN_COLUMNS} FROM returned_credit r WHERE r.payment_id = $1 ORDER BY r.return_id`;
    return (await tx.query<ReturnRow & Record<string, unknown>>(sql, [paymentId], 'returns_of_payment')).map(returnOf);
  }
}
