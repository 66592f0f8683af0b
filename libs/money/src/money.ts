import { currencyOf } from './currency';
import type { Currency } from './currency';

/** The limits of PostgreSQL's `bigint`, the column type of every amount. */
export const COLUMN_MAXIMUM = 9_223_372_036_854_775_807n;
export const COLUMN_MINIMUM = -9_223_372_036_854_775_808n;

/** An amount in whole minor units of one currency. Immutable; every result is checked against the column's limits. */
export class Money {
  private constructor(
    readonly minor: bigint,
    readonly currency: Currency,
  ) {}

  /** Throws RangeError when the amount does not fit a `bigint` column. */
  static of(minor: bigint, currency: Currency | string): Money {
    if (minor > COLUMN_MAXIMUM || minor < COLUMN_MINIMUM) throw new RangeError('amount exceeds a bigint column');
    return new Money(minor, typeof currency === 'string' ? currencyOf(currency) : currency);
  }

  static zero(currency: Currency | string): Money {
    return Money.of(0n, currency);
  }

  plus(other: Money): Money {
    this.requireSameCurrency(other);
    return Money.of(this.minor + other.minor, this.currency);
  }

  minus(other: Money): Money {
    this.requireSameCurrency(other);
    return Money.of(this.minor - other.minor, this.currency);
  }

  negated(): Money {
    return Money.of(-this.minor, this.currency);
  }

  /** Negative, zero or positive, for sorting. Throws TypeError on another currency. */
  compare(other: Money): -1 | 0 | 1 {
    this.requireSameCurrency(other);
    if (this.minor === other.minor) return 0;
    return this.minor < other.minor ? -1 : 1;
  }

  equals(other: Money): boolean {
    return this.minor === other.minor && this.currency.code === other.currency.code;
  }

  get isZero(): boolean {
    return this.minor === 0n;
  }

  get isPositive(): boolean {
    return this.minor > 0n;
  }

  /** The digits of minor units, as our wires and columns carry them: 12.50 USD is `1250`. */
  toDigits(): string {
    return this.minor.toString();
  }

  private requireSameCurrency(other: Money): void {
    if (other.currency.code !== this.currency.code) throw new TypeError('amounts of two currencies do not mix');
  }
}
