import type { RandomSource } from '@gateway/platform';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits before each attempt: the example schedule of Standard Webhooks, ten attempts over about three days. */
const NORMAL = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
/** For tests and crash runs. */
const SHORT = [0, 200, 400, 800, 1_500, 3_000, 5_000, 5_000, 5_000, 5_000] as const;

const JITTER = 0.2;
const RANDOM_STEPS = 65_536;

/** When a delivery that failed is tried again. */
export class RetrySchedule {
  private readonly waits: readonly number[];

  constructor(
    profile: 'normal' | 'short',
    private readonly random: RandomSource,
  ) {
    this.waits = profile === 'short' ? SHORT : NORMAL;
  }

  /** Milliseconds until the next attempt after so many, with up to a fifth more or less; null where it is given up. */
  waitAfter(attempts: number): number | null {
    const wait = this.waits[attempts];
    if (wait === undefined) return null;
    const share = this.random.bytes(2).readUInt16BE(0) / RANDOM_STEPS;
    return Math.round(wait * (1 - JITTER + 2 * JITTER * share));
  }
}
