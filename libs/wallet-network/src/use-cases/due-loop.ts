import { Logger } from '@nestjs/common';
import { isInfrastructureError } from '@gateway/persistence';
import type { ClaimDue } from './claim-due';

/** How often an idle process looks for what is due. */
const POLL_MS = 200;
const PAUSE_AFTER_FAILURE_MS = 1_000;

/** Looks for what is due: at once again while a claim was full, else after a moment. One claim at a time. */
export class DueLoop {
  private readonly logger = new Logger('due');
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = true;

  /** @param isAnyDue a look without a transaction, which is all that an idle process pays */
  constructor(
    private readonly due: ClaimDue,
    private readonly isAnyDue: () => Promise<boolean>,
  ) {}

  start(): void {
    this.stopped = false;
    this.again(POLL_MS);
  }

  /** No claim begins after this; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private again(waitMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.turn().then((nextMs) => this.again(nextMs));
    }, waitMs);
  }

  private async turn(): Promise<number> {
    try {
      if (!(await this.isAnyDue())) return POLL_MS;
      const { full } = await this.due.claim();
      return full ? 0 : POLL_MS;
    } catch (error) {
      if (!isInfrastructureError(error)) {
        this.logger.error({ event: 'claim_failed', error: error instanceof Error ? error.message : String(error) });
      }
      return PAUSE_AFTER_FAILURE_MS;
    }
  }
}
