import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { Sealer } from '@gateway/platform';

const NOTHING = '{}';

/** The tokens that instruments keep: the acquirer's, or encrypted ones with a cryptogram inside. */
@Injectable()
export class CardTokenRepository {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Overwrites the tokens of instruments that ended so long ago. Their rows stay. @returns how many */
  async forgetEndedFor(hours: number, atMost: number): Promise<number> {
    const ended = await this.database.query<{ instrument_id: string }>(
      `SELECT instrument_id FROM instrument
       WHERE secret_forgotten_at IS NULL AND expires_at < clock_now() - $1 * interval '1 hour'
       ORDER BY expires_at LIMIT $2`,
      [hours, atMost],
      'card-tokens-ended',
    );
    if (ended.length === 0) return 0;
    const ids = ended.map(({ instrument_id }) => instrument_id);
    await this.database.query(
      `UPDATE instrument SET sealed_secret = forgotten.seal, secret_forgotten_at = clock_now()
       FROM unnest($1::text[], $2::bytea[]) AS forgotten (id, seal)
       WHERE instrument_id = forgotten.id AND secret_forgotten_at IS NULL`,
      [ids, ids.map((id) => this.sealer.seal(NOTHING, id))],
      'card-tokens-forget',
    );
    return ids.length;
  }
}
