import { Readiness } from '@gateway/platform';
import { Injectable, Logger, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { RateBoard } from '../use-cases/rate-board';
import { RotateOfferKeys } from '../use-cases/rotate-offer-keys';
import { WatchRates } from '../use-cases/watch-rates';

/** How often the desk looks: the pricing feed well inside its maximum age, the daily file hourly, the keys each minute. */
export interface DeskPace {
  readonly pricingMs: number;
  readonly comparisonMs: number;
  readonly keysMs: number;
}

/** After a failure the next look comes this soon, so that a start beside a feed that is still starting is not slow. */
const RETRY_MS = 1_000;
/** A start is announced with a price on the board; an installation whose feed is away starts all the same. */
const WAIT_FOR_FEED_MS = 10_000;

/** Keeps rates and keys fresh in the background. A round starts when the one before has ended; nothing overlaps. */
@Injectable()
export class DeskTimers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DeskTimers.name);
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private stopped = false;

  constructor(
    private readonly rates: WatchRates,
    private readonly keys: RotateOfferKeys,
    private readonly board: RateBoard,
    private readonly readiness: Readiness,
    private readonly pace: DeskPace,
  ) {}

  onApplicationBootstrap(): void {
    const startedAt = performance.now();
    this.readiness.register('offer-key', async () =>
      (await this.keys.signing()) === undefined ? 'no key to sign with' : null,
    );
    this.readiness.register('rate', async () => {
      const waited = performance.now() - startedAt > WAIT_FOR_FEED_MS;
      return waited || this.board.current() !== undefined ? null : 'no rate seen yet';
    });
    this.repeat('keys', this.pace.keysMs, async () => {
      await this.keys.refresh();
      return true;
    });
    this.repeat('comparison', this.pace.comparisonMs, () => this.rates.refreshComparison());
    this.repeat('pricing', this.pace.pricingMs, () => this.rates.refreshPricing());
  }

  onModuleDestroy(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private repeat(what: string, everyMs: number, work: () => Promise<boolean>): void {
    const again = (succeeded: boolean): void => {
      if (this.stopped) return;
      const waitMs = succeeded ? everyMs : Math.min(RETRY_MS, everyMs);
      this.timers.set(what, setTimeout(() => this.repeat(what, everyMs, work), waitMs).unref());
    };
    work().then(again, (error: unknown) => {
      this.logger.warn({ event: 'desk_round_failed', what, error: error instanceof Error ? error.message : 'unknown' });
      again(false);
    });
  }
}
