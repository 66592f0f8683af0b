import type { Rate } from '@gateway/money';

/** A rate as a source gave it. */
export interface SourceRate {
  readonly source: string;
  readonly mid: Rate;
  readonly asOf: Date;
}

/** How old a pricing rate may be, and a comparison: ECB publishes on each TARGET day, and Easter keeps it away for four. */
export interface SourcePolicy {
  readonly maxAgeMs: number;
  readonly comparisonMaxAgeMs: number;
}

/** From these distances of the comparison on, in basis points: two honest sources were seen 162 apart on one day. */
export const ALERT_BPS = 50;
export const STOP_BPS = 200;

export type RateVerdict = 'FIRM' | 'NO_RATE' | 'STALE' | 'TOO_FAR_FROM_COMPARISON';

/** What may be done with the pricing rate now. */
export interface RateAssessment {
  readonly verdict: RateVerdict;
  readonly distanceBps: number | null;
  readonly alert: boolean;
}

/**
 * Judges the pricing rate. Stale means no firm quotes; it never means that the last rate is used quietly, and a stamp
 * from the future is as bad as an old one. A comparison that is away or old does not stop quoting (the daily file is
 * late on every holiday), but it raises the alert.
 */
export function assessRate(
  pricing: SourceRate | undefined,
  comparison: SourceRate | undefined,
  policy: SourcePolicy,
  now: Date,
): RateAssessment {
  if (pricing === undefined) return { verdict: 'NO_RATE', distanceBps: null, alert: true };
  const compared = comparison !== undefined && isWithin(comparison.asOf, now, policy.comparisonMaxAgeMs);
  const distanceBps = compared ? comparison.mid.distanceInBasisPoints(pricing.mid) : null;
  const alert = distanceBps === null || distanceBps >= ALERT_BPS;
  if (!isWithin(pricing.asOf, now, policy.maxAgeMs)) return { verdict: 'STALE', distanceBps, alert: true };
  if (distanceBps !== null && distanceBps >= STOP_BPS) {
    return { verdict: 'TOO_FAR_FROM_COMPARISON', distanceBps, alert };
  }
  return { verdict: 'FIRM', distanceBps, alert };
}

function isWithin(asOf: Date, now: Date, ms: number): boolean {
  return Math.abs(now.getTime() - asOf.getTime()) <= ms;
}

/** What is published again: the first rate, one that moved by a basis point or changed its firmness, or a minute's silence. */
export const MATERIAL_BPS = 1;
export const REPUBLISH_MS = 60_000;

export interface PublishedState {
  readonly mid: Rate;
  readonly firm: boolean;
  readonly publishedAt: Date;
}

export function isWorthPublishing(last: PublishedState | undefined, mid: Rate, firm: boolean, now: Date): boolean {
  if (last === undefined || last.firm !== firm) return true;
  if (last.mid.distanceInBasisPoints(mid, 'down') >= MATERIAL_BPS) return true;
  return now.getTime() - last.publishedAt.getTime() >= REPUBLISH_MS;
}
