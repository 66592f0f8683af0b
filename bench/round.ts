import type { CpuByPart } from './cpu';
import type { LoadResult } from './load';
import type { Site } from './servers';
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

/** `postgres g1_routing` reads `postgres routing`. */
export function partName(part: string, site: Site): string {
  return part.replace(` ${site.databasePrefix}`, ' ');
}

export function meanBatches(
  before: ReadonlyMap<string, { batches: number; records: number }>,
  after: ReadonlyMap<string, { batches: number; records: number }>,
): { meanBatch: number; batches: Record<string, number> } {
  let batches = 0;
  let records = 0;
  const by: Record<string, number> = {};
  for (const [name, to] of after) {
    const from = before.get(name) ?? { batches: 0, records: 0 };
    batches += to.batches - from.batches;
    records += to.records - from.records;
    by[name] = (to.records - from.records) / Math.max(1, to.batches - from.batches);
  }
  return { meanBatch: records / Math.max(1, batches), batches: by };
}
