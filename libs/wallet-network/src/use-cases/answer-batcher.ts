import { Logger } from '@nestjs/common';
import { isInfrastructureError } from '@gateway/persistence';
import { restAfter, type OutboxTransactions } from '@gateway/messaging';
import type { Answered } from './call-desk';
import type { RecordAnswers } from './record-answers';

const MAX_BATCH = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Joins answers as reading joins records: what waits when the previous cycle ends is written together. While the database is away the
 * answers wait here; should the process die meanwhile, their leases run out and the network is asked.
 */
export class AnswerBatcher {
  private readonly logger = new Logger('answers');
  private readonly waiting: Answered[] = [];
  private draining = false;
  private running: Promise<void> = Promise.resolve();
  private closed = false;
  private rouse: (() => void) | null = null;

  constructor(
    private readonly transactions: OutboxTransactions,
    private readonly answers: RecordAnswers,
  ) {}

  add(answered: Answered): void {
    this.waiting.push(answered);
    if (!this.draining) this.running = this.drain();
  }

  /** Writes what waits and gives up on a database that is away: what is not written stays leased. */
  async close(): Promise<void> {
    this.closed = true;
    this.rouse?.();
    await this.running;
  }

  private async drain(): Promise<void> {
    this.draining = true;
    while (this.waiting.length > 0) {
      // Calls that began together end together: what this turn of the event loop still brings goes along.
      await new Promise((resolve) => setImmediate(resolve));
      const started = performance.now();
      await this.write(this.waiting.splice(0, MAX_BATCH));
      if (this.waiting.length < MAX_BATCH && !this.closed) await this.rest(restAfter(performance.now() - started));
    }
    this.draining = false;
  }

  /** What a stop finds waiting is written at once. */
  private async rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.rouse = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.rouse = null;
  }

  private async write(batch: readonly Answered[]): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.transactions.run(async (tx) => ({ result: null, emit: await this.answers.record(batch, tx) }));
        return;
      } catch (error) {
        if (!isInfrastructureError(error)) return this.writeSingly(batch, error);
        if (this.closed) return;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  /** One answer that cannot be written must not keep the others; its own lease runs out and the network is asked. */
  private async writeSingly(batch: readonly Answered[], error: unknown): Promise<void> {
    if (batch.length > 1) {
      for (const answered of batch) await this.write([answered]);
      return;
    }
    const [answered] = batch;
    this.logger.error({
      event: 'answer_not_written',
      instruction_id: answered?.exchange.instructionId,
      kind: answered?.answer.kind,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
