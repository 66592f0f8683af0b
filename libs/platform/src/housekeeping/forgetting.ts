import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

const EVERY_MS = 10 * 60_000;

/** What a service forgets, and how it speaks of it. */
export interface ForgettingOptions {
  /** Context of the log lines. */
  context: string;
  /** Event of the warning where it failed; the next turn tries again. */
  failure: string;
  /** Most that go in one slice. */
  slice: number;
}

/** Forgets what has been kept long enough, every ten minutes, a slice at a time. */
export abstract class Forgetting implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | null = null;

  protected constructor(private readonly options: ForgettingOptions) {
    this.logger = new Logger(options.context);
  }

  /** Forgets at most so many. Answers how many went. */
  protected abstract forgetSome(limit: number): Promise<number>;

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.forget(), EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private async forget(): Promise<void> {
    const { slice, failure } = this.options;
    try {
      while ((await this.forgetSome(slice)) === slice);
    } catch (error) {
      this.logger.warn({ event: failure, error: (error as Error).message });
    }
  }
}
