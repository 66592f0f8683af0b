import { Database } from '@gateway/persistence';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { IdempotencyRepository } from '../outbound/idempotency.repository';

const KEPT_DAYS = 7;
const EVERY_MS = 10 * 60_000;
const AT_ONCE = 2_000;

/** Forgets idempotency keys that are older than seven days, a slice at a time. */
@Injectable()
export class KeyHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('idempotency');
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly keys: IdempotencyRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.forget(), EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private async forget(): Promise<void> {
    try {
      while ((await this.keys.forgetOlderThan(this.database, KEPT_DAYS, AT_ONCE)) === AT_ONCE);
    } catch (error) {
      this.logger.warn({ event: 'keys_not_forgotten', error: (error as Error).message });
    }
  }
}
