/** What the load generator is told, and what it answers; it is a process of its own, so that its CPU is its own. */
export interface LoadTarget {
  readonly port: number;
  readonly apiKey: string;
  readonly brokers: readonly string[];
  /** The payments' events, where the generator sees what has settled. */
  readonly topic: string;
  /** One request body a line. */
  readonly file: string;
}

export interface LoadRun {
  /** Which lines of the file. */
  readonly from: number;
  readonly count: number;
  /** Closed loop: so many payments are open at once. Open loop: so many begin each second, whatever becomes of them. */
  readonly how: { readonly open: number } | { readonly perSecond: number };
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadResult {
  readonly count: number;
  readonly settled: number;
  /** Payments that came to another end, by state. */
  readonly otherwise: Readonly<Record<string, number>>;
  /** Answers other than 202, by status; 503 are repeated with their key. */
  readonly refused: Readonly<Record<string, number>>;
  /** Epoch milliseconds. */
  readonly firstSentAt: number;
  readonly lastSettledAt: number;
  /** Milliseconds from the intended time of sending to the answer, and to the payment's final event. */
  readonly answered: Percentiles;
  readonly completed: Percentiles;
}

export type ToGenerator = { readonly target: LoadTarget } | { readonly run: LoadRun } | { readonly end: true };
export type FromGenerator = { readonly ready: true } | { readonly result: LoadResult } | { readonly failed: string };
