import type { CpuByPart } from './cpu';
import type { LoadResult } from './load';
import type { Traffic } from './site-watch';

/** The figures of one measured run of the gateway or of the bare chain. */
export interface RoundFigures {
  readonly name: string;
  readonly payments: number;
  /** From the first request until nothing was under way. */
  readonly seconds: number;
  readonly settledPerSecond: number;
  /** CPU microseconds per payment, by part. */
  readonly cpu: CpuByPart;
  readonly cpuPerPayment: number;
  /** Cores that processes used which are no part of the benchmark, and that the hypervisor took: disturbance. */
  readonly foreignCores: number;
  readonly loadAverageBefore: number;
  readonly shape: Traffic;
  /** Mean records per transaction over all services, and by service. */
  readonly meanBatch: number;
  readonly batches: Readonly<Record<string, number>>;
  readonly load: LoadResult | null;
  /** Why the run does not count; empty where it does. */
  readonly broken: readonly string[];
}

/** Topics' sums of one kind. */
export function sumOf(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0);
}
