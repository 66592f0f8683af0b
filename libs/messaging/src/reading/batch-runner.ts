import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessagingMetrics } from '../metrics';
import type { BatchTransaction } from './batch-transaction';
import { FenceLost, failureKindOf } from './failure';
import { halve, recordCount, type Slice } from './slice';

/** Keeps the group membership alive; throws kafkajs's rebalance errors. */
export type Heartbeat = () => Promise<void>;

const TRIES = 3;
const SLOW_TRIES = 3;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 1_000;

/**
 * Sees a batch through, whatever happens (design S5): while the database is away the same batch is repeated without
 * bound; anything else is halved down to the one record that cannot be handled, which is parked after three tries.
 */
export class BatchRunner {
  private readonly logger = new Logger('reading');
  /** Since when the database has not let a batch through; null where it has. */
  troubleSince: number | null = null;
  stopping = false;

  constructor(
    private readonly transaction: BatchTransaction,
    private readonly metrics: MessagingMetrics,
  ) {}

  /** @throws FenceLost, or kafkajs's rebalance errors from the heartbeat */
  async process(slices: readonly Slice[], beat: Heartbeat): Promise<void> {
    const failure = await this.attempt(() => this.transaction.run(slices), beat);
    if (failure === null) return;
    if (recordCount(slices) > 1) {
      for (const half of halve(slices)) {
        await this.process(half, beat);
        await beat();
      }
      return;
    }
    await this.parkAfterTries(slices, failure, beat);
  }

  private async parkAfterTries(slices: readonly Slice[], first: Error, beat: Heartbeat): Promise<void> {
    let failure = first;
    for (let tried = 1; tried < TRIES; tried++) {
      const again = await this.attempt(() => this.transaction.run(slices), beat);
      if (again === null) return;
      failure = again;
    }
    const [slice] = slices.filter(({ entries }) => entries.length > 0);
    const where = { topic: slice?.topic, partition: slice?.partition, offset: slice?.entries[0]?.offset };
    this.logger.error({ event: 'record_parked', ...where, error: failure.message, stack: failure.stack });
    const parking = await this.attempt(() => this.transaction.park(slices, failure.message), beat);
    if (parking !== null) throw parking;
  }

  /** Null once the transaction has committed; the error where its data are at fault. */
  private async attempt(run: () => Promise<void>, beat: Heartbeat): Promise<Error | null> {
    let slow = 0;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, MAX_PAUSE_MS)) {
      try {
        await run();
        this.troubleSince = null;
        return null;
      } catch (error) {
        if (error instanceof FenceLost) throw error;
        const kind = failureKindOf(error);
        if (kind === 'slow') slow++;
        if (kind === 'data' || slow >= SLOW_TRIES) return asError(error);
        this.troubleSince ??= Date.now();
        this.metrics.batchRepeats.inc();
        this.logger.warn({ event: 'batch_repeated', error: asError(error).message });
        if (this.stopping) throw new FenceLost();
        await beat();
        await pause(wait);
        await beat();
      }
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
