import { Logger } from '@nestjs/common';
import type { Tx } from '@gateway/persistence';
import { randomUUID } from 'node:crypto';

/**
 * A table whose rows are claimed. It has the columns `due` (timestamptz, business time), `lease_until` (timestamptz
 * NOT NULL DEFAULT '-infinity', machine time) and `lease_token` (uuid).
 */
export interface LeaseTable {
  table: string;
  /** The primary key's column. Default `id`. */
  id?: string;
  /** A further condition in SQL on the table's own columns, such as `state = 'QUEUED'`; matched by a partial index. */
  where?: string;
}

/** A claim: the right to act on a row until it ends, and the token that proves it when the outcome is written. */
export interface Lease {
  readonly token: string;
  /** Milliseconds left, by the monotonic clock, counted from before the claim was sent. */
  remainingMs(): number;
}

export interface LeaseLoopOptions<R> {
  name: string;
  database: Tx;
  source: LeaseTable;
  /** Deadline of the call plus 5 s (design S7): a call starts only with its whole deadline left in the lease. */
  leaseMs: number;
  /** Rows under work at once. */
  capacity: number;
  /** Rows given to one call of `work`; default 1. */
  together?: number;
  /** Works on claimed rows and writes the outcome `WHERE lease_token = $token`. What it throws is logged; the lease runs out. */
  work: (rows: readonly R[], lease: Lease) => Promise<void>;
  /** An idle loop looks this often at most. */
  maxPollMs?: number;
}

const MIN_POLL_MS = 20;
const DEFAULT_MAX_POLL_MS = 1_000;
const TROUBLE_PAUSE_MS = 500;

/**
 * Claims due rows and works on them: `FOR UPDATE SKIP LOCKED`, lease, commit, then work, so that nothing is called
 * inside a transaction and two instances never hold one row. Woken early when told, else it looks ever more rarely: an
 * idle process costs one small query a second. Business time decides what is due, machine time how long a lease lasts.
 */
export class LeaseLoop<R> {
  private readonly logger = new Logger('leases');
  private readonly claim: { text: string; name: string };
  private inFlight = 0;
  private running: Promise<void> | null = null;
  private stopped = false;
  private woken = false;
  private rouse: (() => void) | null = null;

  constructor(private readonly options: LeaseLoopOptions<R>) {
    this.claim = { text: claimStatement(options.source), name: `lease-${options.name}` };
  }

  start(): void {
    this.running ??= this.run();
  }

  /** There may be something due now. */
  wake(): void {
    this.woken = true;
    this.rouse?.();
  }

  /** Claims nothing more and waits for the work under way, at most the given time; the rest stays leased. */
  async stop(withinMs = 5_000): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
    const until = performance.now() + withinMs;
    while (this.inFlight > 0 && performance.now() < until) await this.sleep(until - performance.now());
  }

  private async run(): Promise<void> {
    let poll = MIN_POLL_MS;
    while (!this.stopped) {
      const free = this.options.capacity - this.inFlight;
      this.woken = false;
      const found = free > 0 ? await this.claimSome(free) : 0;
      if (found === free && found > 0) continue;
      poll = found > 0 || this.woken ? MIN_POLL_MS : Math.min(poll * 2, this.options.maxPollMs ?? DEFAULT_MAX_POLL_MS);
      await this.sleep(poll);
    }
  }

  private async claimSome(free: number): Promise<number> {
    const token = randomUUID();
    const ends = performance.now() + this.options.leaseMs;
    let rows: R[];
    try {
      rows = await this.options.database.query<R>(
        this.claim.text,
        [free, token, this.options.leaseMs],
        this.claim.name,
      );
    } catch (error) {
      this.logger.warn({ event: 'claim_failed', loop: this.options.name, error: (error as Error).message });
      await this.sleep(TROUBLE_PAUSE_MS);
      return 0;
    }
    const lease: Lease = { token, remainingMs: () => ends - performance.now() };
    const together = this.options.together ?? 1;
    for (let at = 0; at < rows.length; at += together) void this.work(rows.slice(at, at + together), lease);
    return rows.length;
  }

  private async work(rows: readonly R[], lease: Lease): Promise<void> {
    this.inFlight += rows.length;
    try {
      await this.options.work(rows, lease);
    } catch (error) {
      this.logger.error({ event: 'leased_work_failed', loop: this.options.name, error: (error as Error).message });
    } finally {
      this.inFlight -= rows.length;
      this.wake();
    }
  }

  private async sleep(ms: number): Promise<void> {
    if (this.woken && !this.stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.rouse = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.rouse = null;
  }
}

function claimStatement({ table, id = 'id', where = 'true' }: LeaseTable): string {
  return `
    WITH free AS (
      SELECT ${id} FROM ${table}
      WHERE due <= clock_now() AND lease_until < clock_timestamp() AND (${where})
      ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED)
    UPDATE ${table} claimed SET lease_token = $2::uuid, lease_until = clock_timestamp() + make_interval(secs => $3 / 1000.0)
    FROM free WHERE claimed.${id} = free.${id} RETURNING claimed.*`;
}
