import type { LocalRuntime } from '@gateway/local-runtime';

/** Rare enough to cost nothing, often enough that an outage is short. */
const LOOK_EVERY_MS = 2_000;

export interface GuardOptions {
  /** Starts a broker or database that has ended again; off where somebody ends them on purpose. */
  readonly revive: boolean;
  /** Called when npm, which started us, is gone: it cannot hand a signal on any more. */
  readonly onOrphaned?: () => void;
  readonly say: (line: string) => void;
}

/** Looks after what the launcher has started and cannot be told about: broker and database are no children of ours. */
export class Guard {
  private timer?: NodeJS.Timeout;
  private busy = false;
  private readonly parent = process.ppid;

  constructor(
    private readonly runtime: LocalRuntime,
    private readonly options: GuardOptions,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (process.ppid !== this.parent) this.options.onOrphaned?.();
    if (this.busy || !this.options.revive) return;
    this.busy = true;
    try {
      if (!this.runtime.isPostgresAlive()) await this.runtime.startPostgres();
      if (!this.runtime.isKafkaAlive()) await this.runtime.startKafka();
    } catch (error) {
      this.options.say((error as Error).message);
    } finally {
      this.busy = false;
    }
  }
}
