import type { AmountOnWire } from '@gateway/contracts/contract';
import { currencyOf, type Money } from '@gateway/money';

/** An amount as partners see it: with the exponent, so that nobody has to know how many digits a currency has. */
export interface AmountView extends AmountOnWire {
  exponent: number;
}

export function viewOfAmount({ amount, currency }: AmountOnWire): AmountView {
  return { amount, currency, exponent: currencyOf(currency).exponent };
}

export function viewOfMoney(money: Money): AmountView {
  return { amount: money.toDigits(), currency: money.currency.code, exponent: money.currency.exponent };
}
