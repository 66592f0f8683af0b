import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import type { Card } from '../acquirer/card';

export interface CardToken {
  readonly token: string;
  readonly card: Card;
  readonly expires_at: Date;
  readonly used_by: string | null;
}

const LIFE = `interval '15 minutes'`;

/** The acquirer's tokens: one payment each, within 15 minutes. */
@Injectable()
export class CardTokensStore {
  constructor(private readonly database: Database) {}

  async keep(token: string, card: Card): Promise<Date> {
    const [row] = await this.database.query<{ expires_at: Date }>(
      `INSERT INTO card_token (token, card, expires_at) VALUES ($1, $2, clock_now() + ${LIFE}) RETURNING expires_at`,
      [token, card],
      'card_token_insert',
    );
    return row?.expires_at ?? new Date(0);
  }

  /** Inside of a transaction always on its own connection: a second one is not to be had when all are in transactions. */
  async find(token: string, connection: Tx = this.database): Promise<CardToken | undefined> {
    const [row] = await connection.query<CardToken>(
      'SELECT token, card, expires_at, used_by FROM card_token WHERE token = $1',
      [token],
      'card_token_find',
    );
    return row;
  }

  /** Uses a token for a payment; false where it was used before or has expired. */
  async use(tx: Tx, token: string, paymentId: string): Promise<boolean> {
    const used = await tx.query(
      `UPDATE card_token SET used_by = $2 WHERE token = $1 AND used_by IS NULL AND expires_at > clock_now() RETURNING token`,
      [token, paymentId],
      'card_token_use',
    );
    return used.length > 0;
  }
}
