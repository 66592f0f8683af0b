import type { OfferKeyPublished } from '@gateway/contracts/fx.key.events.v1';
import type { Tx } from '@gateway/persistence';

interface OfferKeyRow {
  kid: string;
  x: string;
  signs_from: Date;
  valid_until: Date;
}

/** Reads and writes `offer_key`. */
export class OfferKeyRepository {
  async all(tx: Tx): Promise<OfferKeyPublished[]> {
    const rows = await tx.query<OfferKeyRow>('SELECT kid, x, signs_from, valid_until FROM offer_key');
    return rows.map((row) => ({
      kid: row.kid,
      x: row.x,
      signs_from: row.signs_from.toISOString(),
      valid_until: row.valid_until.toISOString(),
    }));
  }

  /** Keeps keys for good. A key's material never changes under its kid; its end may be told anew. */
  async save(tx: Tx, keys: readonly OfferKeyPublished[]): Promise<void> {
    const newest = [...new Map(keys.map((key) => [key.kid, key])).values()];
    if (newest.length === 0) return;
    await tx.query(
      `INSERT INTO offer_key (kid, x, signs_from, valid_until)
       SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
       ON CONFLICT (kid) DO UPDATE SET valid_until = greatest(offer_key.valid_until, excluded.valid_until)
         WHERE offer_key.x = excluded.x`,
      [
        newest.map((key) => key.kid),
        newest.map((key) => key.x),
        newest.map((key) => key.signs_from),
        newest.map((key) => key.valid_until),
      ],
    );
  }
}
