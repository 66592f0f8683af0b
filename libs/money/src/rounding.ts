/**
 * How a quotient becomes an integer. `half-even` is what the contract with partners says; the others exist because
 * some counterparties state their own rule. All are symmetric about zero: `down` is toward zero, `up` away from it.
 */
export type Rounding = 'half-even' | 'half-up' | 'down' | 'up';

/** Whether the magnitude goes one up, given the magnitude's quotient and its (non-zero) remainder against the divisor. */
const GOES_UP: Readonly<Record<Rounding, (quotient: bigint, twiceRemainder: bigint, divisor: bigint) => boolean>> = {
  'half-even': (quotient, twice, divisor) => twice > divisor || (twice === divisor && quotient % 2n === 1n),
  'half-up': (_quotient, twice, divisor) => twice >= divisor,
  down: () => false,
  up: () => true,
};

/** `dividend / divisor` as an integer, rounded once by the named rule. Throws RangeError on a zero divisor. */
export function divideRounded(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const numerator = dividend < 0n ? -dividend : dividend;
  const denominator = divisor < 0n ? -divisor : divisor;
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  const up = remainder !== 0n && GOES_UP[rounding](quotient, remainder * 2n, denominator);
  const magnitude = up ? quotient + 1n : quotient;
  return negative ? -magnitude : magnitude;
}
