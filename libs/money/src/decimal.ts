import type { Currency } from './currency';
import { Money } from './money';

const DECIMAL = /^(-?)(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,8}))?$/;

/**
 * An amount as banks' and wallets' own formats write it, with a point and exactly the currency's digits: `102.00`, and
 * `102` for yen. Our own wires never carry this form.
 */
export function toDecimal(money: Money): string {
  const { exponent } = money.currency;
  const negative = money.minor < 0n;
  const digits = (negative ? -money.minor : money.minor).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const sign = negative ? '-' : '';
  return exponent === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-exponent)}`;
}

/**
 * Reads such a text. Fewer places than the currency has are filled up (`12.5` is `12.50`); more are accepted only when
 * they are zeros, since anything else would have to be rounded. Undefined for everything that is not an amount.
 */
export function parseDecimal(text: unknown, currency: Currency): Money | undefined {
  const match = typeof text === 'string' ? DECIMAL.exec(text) : null;
  if (match === null) return undefined;
  const places = match[3] ?? '';
  if (/[1-9]/.test(places.slice(currency.exponent))) return undefined;
  const minor = BigInt((match[2] ?? '') + places.slice(0, currency.exponent).padEnd(currency.exponent, '0'));
  return Money.of(match[1] === '-' ? -minor : minor, currency);
}

/** For people: `102.00 USD`. */
export function formatMoney(money: Money): string {
  return `${toDecimal(money)} ${money.currency.code}`;
}
