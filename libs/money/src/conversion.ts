import { Money } from './money';
import { RATE_PLACES } from './rate';
import type { Rate } from './rate';
import { divideRounded } from './rounding';
import type { Rounding } from './rounding';

/**
 * The one conversion. An amount in the rate's base currency is multiplied, one in its quoted currency is divided, by
 * the same rate: never by a stored inverse. It serves a fixed source and a fixed target alike, since the fixed side is
 * the one that is handed in. One rounding, at the computed amount.
 *
 * Throws TypeError when the amount is in neither currency of the rate, RangeError when the result exceeds a column.
 */
export function convert(amount: Money, rate: Rate, rounding: Rounding = 'half-even'): Money {
  if (amount.currency.code === rate.base.code) {
    const dividend = amount.minor * rate.scaled * power(rate.quoted.exponent);
    return Money.of(divideRounded(dividend, power(RATE_PLACES + rate.base.exponent), rounding), rate.quoted);
  }
  if (amount.currency.code === rate.quoted.code) {
    const dividend = amount.minor * power(RATE_PLACES + rate.base.exponent);
    return Money.of(divideRounded(dividend, rate.scaled * power(rate.quoted.exponent), rounding), rate.base);
  }
  throw new TypeError('the rate has no price for this currency');
}

function power(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}
