import type { Tx } from '@gateway/persistence';

/** A request as its key remembers it: who, which route, which body. */
export interface KeyedRequest {
  partnerId: string;
  key: string;
  /** Method and path. */
  route: string;
  fingerprint: string;
}

/** What a key has come to: a payment, an answer (sealed), or neither while the first request is under way. */
export interface StoredKey {
  route: string;
  fingerprint: string;
  paymentId: string | null;
  status: number | null;
  answer: Buffer | null;
}

/** A key in the hands of one request. */
export interface TakenKey extends Pick<KeyedRequest, 'partnerId' | 'key'> {
  lease: string;
}

/** The keys that were new, and business time of the transaction. */
export interface ClaimedKeys {
  won: Set<string>;
  now: Date;
}

interface StoredKeyRow {
  partner_id: string;
  key: string;
  route: string;
  fingerprint: string;
  payment_id: string | null;
  status: number | null;
  answer: Buffer | null;
}

/** A key and its partner in one text; keys have visible characters only, so the space keeps them apart. */
export function nameOfKey({ partnerId, key }: Pick<KeyedRequest, 'partnerId' | 'key'>): string {
  return `${partnerId} ${key}`;
}

/** Reads and writes `idempotency_key`. */
export class IdempotencyRepository {
  /** Step one of a batch (design S8): the keys, in order, each naming the payment that it makes if it is new. */
  async claimForPayments(tx: Tx, requests: readonly (KeyedRequest & { paymentId: string })[]): Promise<ClaimedKeys> {
    const rows = await tx.query<{ now: Date; partner_id: string | null; key: string | null }>(
      `WITH won AS (
         INSERT INTO idempotency_key (partner_id, key, route, fingerprint, payment_id)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
         ON CONFLICT DO NOTHING RETURNING partner_id, key)
       SELECT clock.now, won.partner_id, won.key FROM (SELECT clock_now() AS now) clock LEFT JOIN won ON true`,
      [
        requests.map((request) => request.partnerId),
        requests.map((request) => request.key),
        requests.map((request) => request.route),
        requests.map((request) => request.fingerprint),
        requests.map((request) => request.paymentId),
      ],
      'idempotency-claim-payments',
    );
    const won = rows.filter((row) => row.key !== null).map((row) => `${row.partner_id} ${row.key}`);
    return { won: new Set(won), now: rows[0]!.now };
  }

  /** What the given keys have come to, by `nameOfKey`. */
  async find(tx: Tx, keys: readonly Pick<KeyedRequest, 'partnerId' | 'key'>[]): Promise<Map<string, StoredKey>> {
    const rows = await tx.query<StoredKeyRow>(
      `SELECT k.partner_id, k.key, k.route, k.fingerprint, k.payment_id, k.status, k.answer
         FROM unnest($1::text[], $2::text[]) AS wanted (partner_id, key)
         JOIN idempotency_key k USING (partner_id, key)`,
      [keys.map(({ partnerId }) => partnerId), keys.map(({ key }) => key)],
      'idempotency-find',
    );
    return new Map(
      rows.map((row) => [
        `${row.partner_id} ${row.key}`,
        {
          route: row.route,
          fingerprint: row.fingerprint,
          paymentId: row.payment_id,
          status: row.status,
          answer: row.answer,
        },
      ]),
    );
  }

  /** The keys whose requests were refused: they name no payment but keep the refusal. */
  async storeRefusals(
    tx: Tx,
    refusals: readonly (Pick<KeyedRequest, 'partnerId' | 'key'> & { status: number; answer: Buffer })[],
  ): Promise<void> {
    await tx.query(
      `UPDATE idempotency_key k SET payment_id = NULL, status = r.status, answer = r.answer
         FROM unnest($1::text[], $2::text[], $3::smallint[], $4::bytea[]) AS r (partner_id, key, status, answer)
        WHERE k.partner_id = r.partner_id AND k.key = r.key`,
      [
        refusals.map(({ partnerId }) => partnerId),
        refusals.map(({ key }) => key),
        refusals.map(({ status }) => status),
        refusals.map(({ answer }) => answer),
      ],
      'idempotency-refusals',
    );
  }

  /**
   * Takes a key for one request until its lease ends (machine time): a new key, or one whose first request ended without
   * an answer. Answers the lease, which proves the right to write an answer; null where the key has one or its first request
   * is under way.
   */
  async take(tx: Tx, request: KeyedRequest, leaseMs: number): Promise<string | null> {
    const [row] = await tx.query<{ lease: string }>(
      `INSERT INTO idempotency_key AS k (partner_id, key, route, fingerprint, lease_until)
       VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 ms')
       ON CONFLICT (partner_id, key) DO UPDATE SET lease_until = excluded.lease_until
         WHERE k.route = excluded.route AND k.fingerprint = excluded.fingerprint
           AND k.status IS NULL AND k.payment_id IS NULL AND k.lease_until < clock_timestamp()
       RETURNING k.lease_until::text AS lease`,
      [request.partnerId, request.key, request.route, request.fingerprint, leaseMs],
    );
    return row?.lease ?? null;
  }

  /** False where another request has taken the key over since: its answer is the key's. */
  async storeAnswer(
    tx: Tx,
    { partnerId, key, lease }: TakenKey,
    { status, answer }: { status: number; answer: Buffer },
  ): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE idempotency_key SET status = $4, answer = $5, lease_until = NULL
        WHERE partner_id = $1 AND key = $2 AND lease_until = $3::timestamptz AND status IS NULL RETURNING 1 AS stored`,
      [partnerId, key, lease, status, answer],
    );
    return rows.length > 0;
  }

  /** Gives a key back whose request did not come to an answer, so that its repeat is handled at once. */
  async giveBack(tx: Tx, { partnerId, key, lease }: TakenKey): Promise<void> {
    await tx.query(
      `DELETE FROM idempotency_key
        WHERE partner_id = $1 AND key = $2 AND lease_until = $3::timestamptz AND status IS NULL`,
      [partnerId, key, lease],
    );
  }

  /** Forgets keys that are old enough, some at a time. Answers how many. */
  async forgetOlderThan(tx: Tx, days: number, limit: number): Promise<number> {
    const rows = await tx.query(
      `DELETE FROM idempotency_key WHERE (partner_id, key) IN (
         SELECT partner_id, key FROM idempotency_key
          WHERE created_at < clock_timestamp() - $1 * interval '1 day' LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING 1 AS gone`,
      [days, limit],
    );
    return rows.length;
  }
}
