import type { Currency } from './currency';
import { findCurrency } from './currency';
import { Money } from './money';

/** What is wrong with an amount that came over a wire. */
export type AmountError =
  | 'NOT_A_STRING'
  | 'EMPTY'
  | 'WHITESPACE'
  | 'SIGNED'
  | 'DECIMAL_POINT'
  | 'NOT_DIGITS'
  | 'ZERO'
  | 'LEADING_ZERO'
  | 'TOO_LONG'
  | 'BELOW_MINIMUM'
  | 'ABOVE_MAXIMUM'
  | 'CURRENCY_NOT_A_STRING'
  | 'CURRENCY_UNKNOWN';

export type ParsedAmount =
  { readonly ok: true; readonly money: Money } | { readonly ok: false; readonly error: AmountError };

/** Bounds in minor units, both inclusive. */
export interface AmountBounds {
  readonly minimum?: bigint;
  readonly maximum?: bigint;
  /** Zero is refused unless this says otherwise (a fee may be zero, a payment may not). */
  readonly zeroAllowed?: boolean;
}

/** The gate before BigInt, which itself takes ``, ` 12 ` and `0x10`. Fifteen digits stay far inside a bigint column. */
const DIGITS = /^[1-9][0-9]{0,14}$/;
const LONGEST = 15;

/** What a text that failed the gate is called; the first that holds names it. */
const REFUSALS: readonly (readonly [AmountError, (text: string) => boolean])[] = [
  ['EMPTY', (text) => text.length === 0],
  ['TOO_LONG', (text) => text.length > LONGEST],
  ['WHITESPACE', (text) => /\s/.test(text)],
  ['SIGNED', (text) => /^[+-]/.test(text)],
  ['DECIMAL_POINT', (text) => /^[0-9]+\.[0-9]*$/.test(text)],
  ['ZERO', (text) => /^0+$/.test(text)],
  ['LEADING_ZERO', (text) => /^0[0-9]+$/.test(text)],
];

/** Reads an amount of our own wires: digits of minor units with a currency code. Never throws. */
export function parseAmount(digits: unknown, currency: unknown, bounds: AmountBounds = {}): ParsedAmount {
  if (typeof currency !== 'string') return refused('CURRENCY_NOT_A_STRING');
  const known = findCurrency(currency);
  if (known === undefined) return refused('CURRENCY_UNKNOWN');
  if (typeof digits !== 'string') return refused('NOT_A_STRING');
  if (digits === '0' && bounds.zeroAllowed === true) return { ok: true, money: Money.zero(known) };
  if (!DIGITS.test(digits)) return refused(nameOf(digits));
  return withinBounds(BigInt(digits), known, bounds);
}

function withinBounds(minor: bigint, currency: Currency, bounds: AmountBounds): ParsedAmount {
  if (bounds.minimum !== undefined && minor < bounds.minimum) return refused('BELOW_MINIMUM');
  if (bounds.maximum !== undefined && minor > bounds.maximum) return refused('ABOVE_MAXIMUM');
  return { ok: true, money: Money.of(minor, currency) };
}

function nameOf(text: string): AmountError {
  return REFUSALS.find(([, holds]) => holds(text))?.[0] ?? 'NOT_DIGITS';
}

function refused(error: AmountError): ParsedAmount {
  return { ok: false, error };
}
