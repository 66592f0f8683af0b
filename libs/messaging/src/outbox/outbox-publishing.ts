import { Logger } from '@nestjs/common';
import type { OutboxTable } from './outbox-table';
import type { Appended } from './outbox-writer';
import type { PendingMarks } from './marks';
import type { Publisher } from './publisher';
import type { MessagingSettings } from '../settings';

const MAINTAIN_EVERY_MS = 3_600_000;

/**
 * Keeps the outbox moving: beats the owner's heart, sweeps up rows that nobody publishes, writes marks that no
 * transaction has taken along, makes and drops days. Trouble with the database is waited out, never thrown.
 */
export class OutboxPublishing {
  private readonly logger = new Logger('outbox');
  private timers: NodeJS.Timeout[] = [];
  private markTimer: NodeJS.Timeout | null = null;
  private beating: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly settings: MessagingSettings,
    private readonly table: OutboxTable,
    private readonly publisher: () => Publisher,
    private readonly marks: PendingMarks,
  ) {}

  async start(): Promise<void> {
    await this.guard('maintain', () => this.table.maintain(this.settings.outboxKeepHours));
    await this.guard('beat', () => this.table.beat());
    void this.publisher().warmUp();
    const beat = setInterval(() => void (this.beating ??= this.beatAndSweep()), this.settings.limits.heartbeatMs);
    const maintain = setInterval(
      () => void this.guard('maintain', () => this.table.maintain(this.settings.outboxKeepHours)),
      MAINTAIN_EVERY_MS,
    );
    this.timers = [beat, maintain];
    for (const timer of this.timers) timer.unref();
  }

  /** A transaction has committed: its rows go out, and what it has leased may start. */
  committed({ rows, afterCommit }: Appended): void {
    if (rows.length > 0) this.publisher().enqueue(rows);
    try {
      afterCommit?.();
    } catch (error) {
      this.logger.error({ event: 'after_commit_failed', error: (error as Error).message });
    }
  }

  /** Marks wait for the next transaction, but not longer than 500 ms. */
  marksWait(): void {
    if (this.markTimer || this.stopped) return;
    this.markTimer = setTimeout(() => {
      this.markTimer = null;
      void this.writeMarks();
    }, this.settings.limits.markAloneAfterMs);
    this.markTimer.unref();
  }

  /** A cluster that this database has not published to: what the others were told is told again. */
  async onCluster(clusterId: string): Promise<void> {
    if (await this.table.isOtherCluster(clusterId)) {
      const rows = await this.table.refill(clusterId);
      this.logger.warn({ event: 'refilling_cluster', cluster_id: clusterId, rows });
    }
    await this.table.noteCluster(clusterId);
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.beating;
    await this.publisher().stop(this.settings.limits.emptyWithinMs);
    this.stopped = true;
    if (this.markTimer) clearTimeout(this.markTimer);
    await this.writeMarks();
    await this.guard('release', () => this.table.release());
  }

  private async beatAndSweep(): Promise<void> {
    await this.guard('beat', async () => {
      await this.table.beat();
      if (!this.publisher().hasRoom()) return;
      const { sweepAfterMs, ownerDeadAfterMs } = this.settings.limits;
      const found = await this.table.sweep(this.publisher().queuedIds(), sweepAfterMs, ownerDeadAfterMs);
      if (found.length === 0) return;
      this.logger.log({ event: 'outbox_swept', rows: found.length });
      this.publisher().enqueue(found);
    });
    this.beating = null;
  }

  private async writeMarks(): Promise<void> {
    const marks = this.marks.take();
    if (!marks) return;
    try {
      await this.table.mark(marks);
    } catch (error) {
      this.marks.giveBack(marks);
      this.logger.warn({ event: 'marks_not_written', error: (error as Error).message });
      this.marksWait();
    }
  }

  private async guard(step: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.warn({ event: 'outbox_step_failed', step, error: (error as Error).message });
    }
  }
}
