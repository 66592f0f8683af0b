import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DisputeSweep } from './disputes/dispute-sweep';

/** How often a process looks whether a sweep is due; when it is, the table `dispute_sweep` says. */
const LOOK_MS = 5_000;

/** Has disputes swept when it is time. One look at a time; a failed sweep is repeated with the next period. */
@Injectable()
export class DisputeSweepTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('dispute sweep');
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly sweep: DisputeSweep) {}

  onApplicationBootstrap(): void {
    this.again();
  }

  /** Resolves when the sweep under way has ended. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private again(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.look().then(() => this.again());
    }, LOOK_MS).unref();
  }

  private async look(): Promise<void> {
    try {
      const asked = await this.sweep.run();
      if (asked !== null && asked > 0) this.logger.log({ event: 'disputes_asked_about', count: asked });
    } catch (error) {
      this.logger.warn({ event: 'dispute_sweep_failed', error: (error as Error).message });
    }
  }
}
