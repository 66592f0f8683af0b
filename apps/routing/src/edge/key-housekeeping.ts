import { Database } from '@gateway/persistence';
import { Forgetting } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { IdempotencyRepository } from '../outbound/idempotency.repository';

const KEPT_DAYS = 7;
const AT_ONCE = 2_000;

/** Forgets idempotency keys that are older than seven days. */
@Injectable()
export class KeyHousekeeping extends Forgetting {
  constructor(
    private readonly database: Database,
    private readonly keys: IdempotencyRepository,
  ) {
    super({ context: 'idempotency', failure: 'keys_not_forgotten', slice: AT_ONCE });
  }

  protected forgetSome(limit: number): Promise<number> {
    return this.keys.forgetOlderThan(this.database, KEPT_DAYS, limit);
  }
}
