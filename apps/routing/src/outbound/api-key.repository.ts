import type { Tx } from '@gateway/persistence';

/** A key as stored: the hash of its secret, its partner and its end. */
export interface StoredApiKey {
  keyId: string;
  partnerId: string;
  secretHash: Buffer;
}

/** Reads and writes `partner` and `api_key`. */
export class ApiKeyRepository {
  /** The key by its id, if it may be used now: not revoked, not expired, and its partner active. */
  async findUsable(tx: Tx, keyId: string): Promise<StoredApiKey | null> {
    const [row] = await tx.query<{ key_id: string; partner_id: string; secret_hash: Buffer }>(
      `SELECT k.key_id, k.partner_id, k.secret_hash FROM api_key k JOIN partner p USING (partner_id)
        WHERE k.key_id = $1 AND k.revoked_at IS NULL AND p.state = 'active'
          AND (k.expires_at IS NULL OR k.expires_at > clock_now())`,
      [keyId],
      'api-key-find',
    );
    return row ? { keyId: row.key_id, partnerId: row.partner_id, secretHash: row.secret_hash } : null;
  }

  async savePartner(tx: Tx, partner: { partnerId: string; name: string }): Promise<void> {
    await tx.query(
      `INSERT INTO partner (partner_id, name) VALUES ($1, $2)
       ON CONFLICT (partner_id) DO UPDATE SET name = excluded.name`,
      [partner.partnerId, partner.name],
    );
  }

  /** Who bears the partner's lost disputes, of every category and from the beginning. */
  async saveLiability(
    tx: Tx,
    partnerId: string,
    { bearer, clause }: { bearer: string; clause: string },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO dispute_liability (partner_id, category, valid_from, bearer, clause)
       VALUES ($1, '*', '2020-01-01', $2, $3)
       ON CONFLICT (partner_id, category, valid_from) DO UPDATE SET bearer = excluded.bearer, clause = excluded.clause`,
      [partnerId, bearer, clause],
    );
  }

  /** A key id belongs to one partner for good; saving it again replaces the hash of its secret. */
  async saveKey(tx: Tx, key: StoredApiKey): Promise<void> {
    await tx.query(
      `INSERT INTO api_key (key_id, partner_id, secret_hash) VALUES ($1, $2, $3)
       ON CONFLICT (key_id) DO UPDATE SET secret_hash = excluded.secret_hash
         WHERE api_key.partner_id = excluded.partner_id`,
      [key.keyId, key.partnerId, key.secretHash],
    );
  }

  async revokeKey(tx: Tx, keyId: string): Promise<void> {
    await tx.query('UPDATE api_key SET revoked_at = clock_timestamp() WHERE key_id = $1 AND revoked_at IS NULL', [
      keyId,
    ]);
  }
}
