import { Clock, TestClock } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { EdgeConfig } from '../edge.config';
import { InternalServices } from '../outbound/internal-services';

/** The sandbox's clock as partners see it. */
export interface ClockView {
  object: 'test_clock';
  now: string;
  /** How far business time runs ahead of the machines' clocks. */
  ahead_by_s: number;
}

/**
 * The clock of a sandbox: what partners cannot wait for (a window that closes, a hold that lapses) comes when they say.
 * All services and the simulated outside world move together; calls, leases and retries keep to the machines' clocks.
 */
@Injectable()
export class TestClocks {
  constructor(
    private readonly own: TestClock,
    private readonly clock: Clock,
    private readonly services: InternalServices,
    private readonly config: EdgeConfig,
  ) {}

  async view(): Promise<ClockView> {
    const aheadMs = await this.own.offsetMs();
    return { object: 'test_clock', now: this.clock.now().toISOString(), ahead_by_s: aheadMs / 1000 };
  }

  /** @param seconds from where the clock stands now; @throws Problem 503 where not everybody moved: repeat it */
  async advance(seconds: number): Promise<ClockView> {
    return this.moveTo((await this.own.offsetMs()) + seconds * 1000);
  }

  /** Back to the machines' time. */
  async reset(): Promise<ClockView> {
    return this.moveTo(0);
  }

  /** Routing itself last: where another one could not be reached, a repeat moves all to the same offset again. */
  private async moveTo(offsetMs: number): Promise<ClockView> {
    await Promise.all(this.config.sandboxUrls.map((url) => this.services.setTestClock(url, offsetMs)));
    await this.own.set(offsetMs);
    return this.view();
  }
}
