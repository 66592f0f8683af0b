import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import { jsonAnswer, type Answer } from '../faults/reaction';

interface KeyRow {
  fingerprint: string;
  status: number;
  body: string;
}

const LIFE = `interval '24 hours'`;

/**
 * The acquirer's idempotency keys: a successful answer is repeated for 24 hours. Errors are not kept, so a repeat after
 * an error that had executed, or after the key's life, executes again: a client has to enquire first.
 */
@Injectable()
export class IdempotencyKeysStore {
  constructor(private readonly database: Database) {}

  /** One transaction: the kept answer, else the work's answer, kept where it is one. */
  async once(
    key: string | undefined,
    request: unknown,
    remember: boolean,
    work: (tx: Tx) => Promise<Answer>,
  ): Promise<Answer> {
    return this.database.transaction(async (tx) => {
      if (key === undefined) return work(tx);
      const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex');
      const known = await this.lockAndFind(tx, key);
      if (known) return repeat(known, fingerprint);
      const answer = await work(tx);
      if (remember && answer.status < 400) await this.keep(tx, key, fingerprint, answer);
      return answer;
    });
  }

  private async lockAndFind(tx: Tx, key: string): Promise<KeyRow | undefined> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7090))', [key], 'idempotency_lock');
    const [row] = await tx.query<KeyRow>(
      `SELECT fingerprint, status, body FROM idempotency_key WHERE key = $1 AND created_at > clock_now() - ${LIFE}`,
      [key],
      'idempotency_find',
    );
    return row;
  }

  private async keep(tx: Tx, key: string, fingerprint: string, answer: Answer): Promise<void> {
    await tx.query(
      `INSERT INTO idempotency_key (key, fingerprint, status, body, created_at) VALUES ($1, $2, $3, $4, clock_now())
       ON CONFLICT (key) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, status = EXCLUDED.status,
         body = EXCLUDED.body, created_at = EXCLUDED.created_at`,
      [key, fingerprint, answer.status, answer.body],
      'idempotency_keep',
    );
  }
}

function repeat(known: KeyRow, fingerprint: string): Answer {
  if (known.fingerprint !== fingerprint) {
    return jsonAnswer(422, { error_type: 'request_invalid', error_codes: ['idempotency_key_reused'] });
  }
  return jsonAnswer(known.status, JSON.parse(known.body), { 'cko-idempotent-replayed': 'true' });
}
