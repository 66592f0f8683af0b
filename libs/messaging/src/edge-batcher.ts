import { isInfrastructureError, sqlStateOf, type Tx } from '@gateway/persistence';
import { Problem } from '@gateway/platform';
import type { Emitted } from './message';
import type { OutboxTransactions } from './outbox-transactions';
import { DEFAULT_LIMITS } from './settings';

/** How requests at an edge are joined (design S8). Limits have defaults: 200 a batch, 2 transactions, 1,000 waiting, 1 s old. */
export interface EdgeBatcherOptions<Q, A> {
  name: string;
  /** Orders a batch so that two instances take their locks in one order. */
  compare: (left: Q, right: Q) => number;
  /** Handles one batch in one open transaction; answers in the order of the requests. */
  handle: (requests: readonly Q[], tx: Tx) => Promise<{ answers: A[]; emit: Emitted }>;
  maxBatch?: number;
  maxOpen?: number;
  maxWaiting?: number;
  maxAgeMs?: number;
  /** Transactions start at least this far apart while less than a batch waits: a trickle is gathered. */
  minCycleMs?: number;
}

const RETRY_AFTER_S = 1;

/** Thrown to a caller when too much waits or the database is away: 503 with Retry-After at the HTTP edge. */
export class EdgeBusy extends Problem {
  constructor(detail = 'Too many requests are waiting. Ask again with the same Idempotency-Key.') {
    super({
      status: 503,
      code: 'TEMPORARILY_UNAVAILABLE',
      title: 'Temporarily unavailable',
      detail,
      retryable: true,
      retryAfterS: RETRY_AFTER_S,
    });
  }
}

interface Waiting<Q, A> {
  request: Q;
  since: number;
  resolve: (answer: A) => void;
  reject: (error: unknown) => void;
}

const DEFAULTS = {
  maxBatch: 200,
  maxOpen: 2,
  maxWaiting: 1_000,
  maxAgeMs: 1_000,
  minCycleMs: DEFAULT_LIMITS.minCycleMs,
};
/** Deadlocks and serialisation failures: the same batch can succeed at once. */
const ROLLED_BACK_CLASS = '40';
const ROLLBACK_TRIES = 3;

/**
 * Joins the requests of an edge as reading joins batches: what waits goes into the next transaction. A request is
 * answered after its commit. A batch that fails as a whole is repeated row by row, so that one bad request harms
 * nobody else. Where the database is away, or the COMMIT's own answer is lost, the caller gets `EdgeBusy`: a repeat
 * with the same key finds what was decided.
 */
export class EdgeBatcher<Q, A> {
  private readonly limits: typeof DEFAULTS;
  private waiting: Waiting<Q, A>[] = [];
  private open = 0;
  private lastStart = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private timerAt = 0;
  private idle: (() => void)[] = [];

  constructor(
    private readonly transactions: OutboxTransactions,
    private readonly options: EdgeBatcherOptions<Q, A>,
  ) {
    this.limits = { ...DEFAULTS, ...definedOf(options) };
  }

  /** @throws EdgeBusy, or what `handle` throws for this request alone */
  submit(request: Q): Promise<A> {
    const now = performance.now();
    const [oldest] = this.waiting;
    if (this.waiting.length >= this.limits.maxWaiting || (oldest && now - oldest.since > this.limits.maxAgeMs))
      return Promise.reject(new EdgeBusy());
    return new Promise<A>((resolve, reject) => {
      this.waiting.push({ request, since: now, resolve, reject });
      this.pump();
    });
  }

  /** Resolves when nothing waits and no transaction is open. */
  async drain(): Promise<void> {
    while (this.open > 0 || this.waiting.length > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private pump(): void {
    const now = performance.now();
    this.refuseOld(now);
    while (this.waiting.length > 0 && this.open < this.limits.maxOpen) {
      const due = this.lastStart + this.limits.minCycleMs - now;
      if (due > 0 && this.waiting.length < this.limits.maxBatch) return this.pumpIn(due);
      this.lastStart = now;
      void this.run(this.waiting.splice(0, this.limits.maxBatch));
    }
    // While all transactions are open, requests that grow too old must still be told.
    if (this.waiting.length > 0) this.pumpIn(this.waiting[0]!.since + this.limits.maxAgeMs - now);
    else this.rest();
  }

  /** Nothing waits: there is no age to look at, and a timer would keep a process that ends. */
  private rest(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.open === 0) this.idle.splice(0).forEach((resolve) => resolve());
  }

  /** One timer, for whatever is due first. */
  private pumpIn(ms: number): void {
    const at = performance.now() + ms;
    if (this.timer !== null && this.timerAt <= at) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.pump();
      },
      Math.ceil(ms) + 1,
    );
  }

  private refuseOld(now: number): void {
    while (this.waiting.length > 0 && now - this.waiting[0]!.since > this.limits.maxAgeMs)
      this.waiting.shift()!.reject(new EdgeBusy());
  }

  private async run(batch: Waiting<Q, A>[]): Promise<void> {
    this.open++;
    batch.sort((left, right) => this.options.compare(left.request, right.request));
    try {
      await this.together(batch);
    } finally {
      this.open--;
      this.pump();
    }
  }

  private async together(batch: Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await this.transact(batch);
      batch.forEach(({ resolve }, at) => resolve(answers[at]!));
    } catch (error) {
      if (isInfrastructureError(error)) batch.forEach(({ reject }) => reject(unavailable(error)));
      else if (batch.length === 1) batch[0]!.reject(error);
      else for (const one of batch) await this.together([one]);
    }
  }

  private async transact(batch: readonly Waiting<Q, A>[]): Promise<A[]> {
    const requests = batch.map(({ request }) => request);
    for (let tried = 1; ; tried++) {
      try {
        return await this.transactions.run(async (tx) => {
          const { answers, emit } = await this.options.handle(requests, tx);
          if (answers.length !== requests.length)
            throw new Error(`${this.options.name}: ${answers.length} answers to ${requests.length} requests`);
          return { result: answers, emit };
        });
      } catch (error) {
        const rolledBack = sqlStateOf(error)?.startsWith(ROLLED_BACK_CLASS) ?? false;
        if (!rolledBack || tried === ROLLBACK_TRIES) throw error;
      }
    }
  }
}

function unavailable(cause: unknown): EdgeBusy {
  const busy = new EdgeBusy(
    'The database cannot be reached. Nothing is known to have failed: ask again with the same Idempotency-Key.',
  );
  busy.cause = cause;
  return busy;
}

function definedOf<Q, A>(options: EdgeBatcherOptions<Q, A>): Partial<typeof DEFAULTS> {
  const given = Object.entries(options).filter(([name, value]) => name in DEFAULTS && value !== undefined);
  return Object.fromEntries(given);
}
