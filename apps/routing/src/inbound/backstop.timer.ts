import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { OutboxTransactions, type Worked } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { AskAgain } from '../use-cases/ask-again';
import { AskAgainForDisputes } from '../use-cases/ask-again-for-disputes';
import { AskAgainForRefunds } from '../use-cases/ask-again-for-refunds';
import { AskAgainForReturns } from '../use-cases/ask-again-for-returns';
import { FundRefundsOfToday } from '../use-cases/fund-refunds-of-today';

const BATCH = 200;
const BUSY_MS = 50;
const IDLE_MS = 1_000;

/** Looks for payments, refunds, returned credits and answers to disputes whose `due` has come, once a second while there are none. */
@Injectable()
export class BackstopTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('backstop');
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly transactions: OutboxTransactions,
    private readonly askAgain: AskAgain,
    private readonly askForRefunds: AskAgainForRefunds,
    private readonly askForReturns: AskAgainForReturns,
    private readonly askForDisputes: AskAgainForDisputes,
    private readonly fundRefunds: FundRefundsOfToday,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(IDLE_MS);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.looking;
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.look();
    }, ms);
  }

  /** Each kind on its own: what one of them meets does not keep the others from being asked for. */
  private async look(): Promise<void> {
    const found = [
      await this.pass(async (tx) => {
        const { payments, emit } = await this.askAgain.run(tx, BATCH);
        return { result: payments, emit };
      }),
    ];
    for (const objects of [this.askForRefunds, this.askForReturns, this.askForDisputes]) {
      const asked = await this.pass(async (tx) => {
        const { asked: result, emit } = await objects.run(tx, BATCH);
        return { result, emit };
      });
      found.push(asked);
    }
    const funded = await this.pass(async (tx) => {
      const { refunds, emit } = await this.fundRefunds.run(tx, BATCH);
      return { result: refunds, emit };
    });
    this.schedule([...found, funded].includes(BATCH) ? BUSY_MS : IDLE_MS);
  }

  /** One transaction; answers how many it found. */
  private async pass(work: (tx: Tx) => Promise<Worked<number>>): Promise<number> {
    try {
      return await this.transactions.run(work);
    } catch (error) {
      this.logger.warn({ event: 'backstop_failed', error: (error as Error).message });
      return 0;
    }
  }
}
