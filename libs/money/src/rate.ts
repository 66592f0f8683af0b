import type { Currency } from './currency';
import { currencyOf } from './currency';
import { divideRounded } from './rounding';
import type { Rounding } from './rounding';

/** Places after the point of every rate: Alipay's own files carry eight. */
export const RATE_PLACES = 8;
const RATE_SCALE = 10n ** BigInt(RATE_PLACES);
const BASIS_POINTS = 10_000n;
/** No pair we deal in comes near it; the bound keeps a rate inside a `numeric(20,8)` column. */
const LARGEST_SCALED = 10n ** 20n - 1n;
const RATE_TEXT = /^(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,8}))?$/;

/**
 * A price of one unit of `base` in units of `quoted`, as an integer numerator over 10^8.
 * The gateway quotes the pair one way only, CNY per USD, so there is no stored inverse anywhere.
 */
export class Rate {
  private constructor(
    readonly base: Currency,
    readonly quoted: Currency,
    readonly scaled: bigint,
  ) {}

  /** Throws RangeError on a rate of zero or less, or one that does not fit its column. */
  static ofScaled(base: Currency | string, quoted: Currency | string, scaled: bigint): Rate {
    if (scaled <= 0n || scaled > LARGEST_SCALED) throw new RangeError('rate out of range');
    const of = (currency: Currency | string): Currency =>
      typeof currency === 'string' ? currencyOf(currency) : currency;
    return new Rate(of(base), of(quoted), scaled);
  }

  /** Reads `7.1328`; undefined for signs, exponents, separators, more than 8 places and zero. */
  static parse(base: Currency | string, quoted: Currency | string, text: unknown): Rate | undefined {
    const match = typeof text === 'string' ? RATE_TEXT.exec(text) : null;
    if (match === null) return undefined;
    const scaled = BigInt((match[1] ?? '') + (match[2] ?? '').padEnd(RATE_PLACES, '0'));
    return scaled === 0n ? undefined : Rate.ofScaled(base, quoted, scaled);
  }

  /**
   * The price of `base` in `quoted` from the prices of a third currency in both: CNY per USD is CNY per EUR over USD
   * per EUR. Rounded half-even to 8 places, once.
   */
  static cross(quotedPerThird: Rate, basePerThird: Rate): Rate {
    if (quotedPerThird.base.code !== basePerThird.base.code)
      throw new TypeError('a cross rate needs one third currency');
    const scaled = divideRounded(quotedPerThird.scaled * RATE_SCALE, basePerThird.scaled, 'half-even');
    return Rate.ofScaled(basePerThird.quoted, quotedPerThird.quoted, scaled);
  }

  /** This rate moved by basis points (negative lowers it), rounded half-even to 8 places, once. */
  adjustedBy(basisPoints: number, rounding: Rounding = 'half-even'): Rate {
    const factor = BASIS_POINTS + BigInt(basisPoints);
    return Rate.ofScaled(this.base, this.quoted, divideRounded(this.scaled * factor, BASIS_POINTS, rounding));
  }

  /**
   * How far the other rate lies from this one, in whole basis points of this one. Rounded up unless told otherwise, so
   * that an alert or a stop is never missed by a fraction.
   */
  distanceInBasisPoints(other: Rate, rounding: Rounding = 'up'): number {
    const difference = other.scaled > this.scaled ? other.scaled - this.scaled : this.scaled - other.scaled;
    return Number(divideRounded(difference * BASIS_POINTS, this.scaled, rounding));
  }

  /** Always eight places: `7.13280000`. */
  toString(): string {
    const digits = this.scaled.toString().padStart(RATE_PLACES + 1, '0');
    return `${digits.slice(0, -RATE_PLACES)}.${digits.slice(-RATE_PLACES)}`;
  }
}
