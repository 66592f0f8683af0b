import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { OutboxTransactions } from '@gateway/messaging';
import { AskAgain } from '../use-cases/ask-again';
import { AskAgainForReturns } from '../use-cases/ask-again-for-returns';
import { AskAgainForRefunds } from '../use-cases/ask-again-for-refunds';

const BATCH = 200;
const BUSY_MS = 50;
const IDLE_MS = 1_000;

/** Looks for payments, refunds and returned credits whose `due` has come, once a second while there are none. */
@Injectable()
export class BackstopTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('backstop');
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private pass: Promise<void> = Promise.resolve();

  constructor(
    private readonly transactions: OutboxTransactions,
    private readonly askAgain: AskAgain,
    private readonly askForRefunds: AskAgainForRefunds,
    private readonly askForReturns: AskAgainForReturns,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(IDLE_MS);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.pass;
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.pass = this.look();
    }, ms);
  }

  private async look(): Promise<void> {
    let found = 0;
    try {
      found = await this.transactions.run(async (tx) => {
        const { payments, emit } = await this.askAgain.run(tx, BATCH);
        return { result: payments, emit };
      });
      const refunds = await this.transactions.run(async (tx) => {
        const { refunds: asked, emit } = await this.askForRefunds.run(tx, BATCH);
        return { result: asked, emit };
      });
      const returns = await this.transactions.run(async (tx) => {
        const { returns: asked, emit } = await this.askForReturns.run(tx, BATCH);
        return { result: asked, emit };
      });
      found = Math.max(found, refunds, returns);
    } catch (error) {
      this.logger.warn({ event: 'backstop_failed', error: (error as Error).message });
    }
    this.schedule(found === BATCH ? BUSY_MS : IDLE_MS);
  }
}
