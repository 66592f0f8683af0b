import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { Transfer } from '../open-platform/transfer';

const COLUMNS = `out_biz_no, order_id, fingerprint, request, account, amount, status, sub_code, plan, created_at,
  finished_at, completes_at, returned`;

/** Single transfers of the open platform. */
@Injectable()
export class TransfersStore {
  constructor(private readonly database: Database) {}

  /** False where the number exists: of two requests at once, the second waits and then finds the first. */
  async insert(tx: Tx, transfer: Transfer): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO transfer (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       ON CONFLICT (out_biz_no) DO NOTHING RETURNING out_biz_no`,
      [
        transfer.out_biz_no,
        transfer.order_id,
        transfer.fingerprint,
        transfer.request,
        transfer.account,
        transfer.amount,
        transfer.status,
        transfer.sub_code,
        transfer.plan,
        transfer.created_at,
        transfer.finished_at,
        transfer.completes_at,
        transfer.returned,
      ],
      'transfer_insert',
    );
    return rows.length > 0;
  }

  async update(tx: Tx, transfer: Transfer): Promise<void> {
    await tx.query(
      `UPDATE transfer SET status = $2, sub_code = $3, finished_at = $4, completes_at = $5, returned = $6
         WHERE out_biz_no = $1`,
      [
        transfer.out_biz_no,
        transfer.status,
        transfer.sub_code,
        transfer.finished_at,
        transfer.completes_at,
        transfer.returned,
      ],
      'transfer_update',
    );
  }

  async lock(tx: Tx, id: string): Promise<Transfer | undefined> {
    const [row] = await tx.query<Transfer>(
      `SELECT ${COLUMNS} FROM transfer WHERE out_biz_no = $1 OR order_id = $1 FOR UPDATE`,
      [id],
      'transfer_lock',
    );
    return row;
  }

  async find(id: string): Promise<Transfer | undefined> {
    const [row] = await this.database.query<Transfer>(
      `SELECT ${COLUMNS} FROM transfer WHERE out_biz_no = $1 OR order_id = $1`,
      [id],
      'transfer_find',
    );
    return row;
  }

  async due(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT out_biz_no AS id FROM transfer WHERE completes_at <= clock_now() LIMIT 100',
      [],
      'transfer_due',
    );
    return rows.map((row) => row.id);
  }

  /** What has left the account at the platform, in fen: transfers that succeeded and did not come back. */
  async spent(): Promise<bigint> {
    const [row] = await this.database.query<{ spent: string }>(
      `SELECT COALESCE(sum(amount), 0)::text AS spent FROM transfer WHERE status = 'SUCCESS'`,
    );
    return BigInt(row?.spent ?? '0');
  }
}
