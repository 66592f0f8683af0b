import { DEFAULT_LIMITS, type MessagingLimits } from '../settings';

/**
 * Milliseconds that whoever joins records into transactions rests after one that took `tookMs`: until the cycle has its
 * minimum length, and under load as long as its work took. A cycle costs the same whatever it holds (fetch, statements,
 * commit, produce request), so a process that is short of time does better with fewer and fuller ones.
 */
export function restAfter(
  tookMs: number,
  { minCycleMs, maxRestMs }: Pick<MessagingLimits, 'minCycleMs' | 'maxRestMs'> = DEFAULT_LIMITS,
): number {
  return Math.max(minCycleMs - tookMs, Math.min(tookMs, maxRestMs));
}
