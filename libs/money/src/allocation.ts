import { Money } from './money';
import { divideRounded } from './rounding';
import type { Rounding } from './rounding';

/**
 * Splits an amount by weights so that the parts add up to it exactly: each gets its share rounded toward zero, and the
 * units left over go one each to the largest remainders (the earlier part first where they are equal).
 * Throws RangeError for a negative weight or when all weights are zero.
 */
export function allocate(total: Money, weights: readonly bigint[]): Money[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (sum <= 0n || weights.some((weight) => weight < 0n)) throw new RangeError('weights must be positive');
  const sign = total.minor < 0n ? -1n : 1n;
  const magnitude = total.minor * sign;
  const parts = weights.map((weight, index) => {
    const exact = magnitude * weight;
    return { index, share: exact / sum, remainder: exact % sum };
  });
  let left = parts.reduce((rest, part) => rest - part.share, magnitude);
  const byRemainder = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const part of byRemainder) {
    if (left === 0n) break;
    part.share += 1n;
    left -= 1n;
  }
  return parts.map((part) => Money.of(part.share * sign, total.currency));
}

/** What has been given back so far, and what is given back now, on the side that the refund names. */
export interface RefundProgress {
  readonly refundedBefore: Money;
  readonly refundNow: Money;
}

/**
 * The other side of a partial refund. `original` is the side that the refund names, `other` the amount that belongs to
 * the whole of it, `otherBefore` what earlier refunds took of it. What has been given back after this refund is rounded
 * once as a share of the whole, and the refund takes the step to it: many small refunds do not drift apart from one
 * large one. The one that exhausts `original` takes what is left, so that the parts add up whatever the order.
 * Throws RangeError when the refunds exceed the original.
 */
export function refundShare(
  original: Money,
  other: Money,
  otherBefore: Money,
  progress: RefundProgress,
  rounding: Rounding = 'half-even',
): Money {
  const after = progress.refundedBefore.plus(progress.refundNow);
  const left = other.minus(otherBefore);
  if (after.compare(original) > 0) throw new RangeError('refunds exceed the original amount');
  if (after.equals(original)) return left;
  const share = divideRounded(other.minor * after.minor, original.minor, rounding) - otherBefore.minor;
  if (share < 0n) return Money.zero(other.currency);
  return Money.of(share > left.minor ? left.minor : share, other.currency);
}
