import fc from 'fast-check';
import { COLUMN_MAXIMUM, parseAmount } from './index';
import type { AmountBounds, AmountError } from './index';

function errorOf(digits: unknown, currency: unknown = 'USD', bounds?: AmountBounds): AmountError | undefined {
  const parsed = parseAmount(digits, currency, bounds);
  return parsed.ok ? undefined : parsed.error;
}

/** The malicious input list of the test plan, cases 1 to 19: each is refused, by name. */
const REFUSED: readonly (readonly [number, string, unknown, AmountError])[] = [
  [1, 'exponent in a string', '1e400', 'NOT_DIGITS'],
  [2, 'exponent as a number (JSON reads Infinity)', JSON.parse('1e400'), 'NOT_A_STRING'],
  [3, 'minus zero', '-0', 'SIGNED'],
  [4, 'NaN', 'NaN', 'NOT_DIGITS'],
  [4, 'Infinity', 'Infinity', 'NOT_DIGITS'],
  [5, 'hexadecimal, which BigInt takes', '0x10', 'NOT_DIGITS'],
  [6, 'nothing, which BigInt reads as 0', '', 'EMPTY'],
  [7, 'surrounded by spaces, which BigInt trims', ' 12 ', 'WHITESPACE'],
  [8, 'plus sign, which isNumberString passes', '+5', 'SIGNED'],
  [9, 'a point in a two-digit currency', '1.005', 'DECIMAL_POINT'],
  [11, 'an exact 2^53 + 1, sixteen digits', '9007199254740993', 'TOO_LONG'],
  [11, '2^53 + 1 as a number, which rounds', JSON.parse('9007199254740993'), 'NOT_A_STRING'],
  [12, 'one above a bigint column', '9223372036854775808', 'TOO_LONG'],
  [13, '200 digits', '9'.repeat(200), 'TOO_LONG'],
  [14, 'Arabic-Indic digits', '\u0661\u0662', 'NOT_DIGITS'],
  [14, 'full-width digits', '\uff11\uff12', 'NOT_DIGITS'],
  [15, 'comma', '1,000', 'NOT_DIGITS'],
  [15, 'underscore', '1_000', 'NOT_DIGITS'],
  [16, 'negative', '-5', 'SIGNED'],
  [16, 'zero', '0', 'ZERO'],
  [16, 'zeros', '000', 'ZERO'],
  [16, 'leading zero', '012', 'LEADING_ZERO'],
  [17, 'array', ['12'], 'NOT_A_STRING'],
  [17, 'object', { toString: () => '12' }, 'NOT_A_STRING'],
  [17, 'boolean', true, 'NOT_A_STRING'],
  [17, 'null', null, 'NOT_A_STRING'],
  [17, 'absent', undefined, 'NOT_A_STRING'],
  [19, 'null byte', '12\u0000', 'NOT_DIGITS'],
];

describe('parseAmount refuses what is not an amount, by name', () => {
  it.each(REFUSED)('case %i: %s', (_case, _what, digits, error) => {
    expect(errorOf(digits)).toBe(error);
  });

  it('case 10: a point in a currency without minor digits', () => {
    expect(errorOf('1.5', 'JPY')).toBe('DECIMAL_POINT');
  });

  it('case 16: one below the minimum and one above the maximum, while both bounds themselves pass', () => {
    const bounds = { minimum: 100n, maximum: 5000n };
    expect(['99', '100', '5000', '5001'].map((digits) => errorOf(digits, 'USD', bounds))).toEqual([
      'BELOW_MINIMUM',
      undefined,
      undefined,
      'ABOVE_MAXIMUM',
    ]);
  });

  it.each(['XXX', 'XTS', 'CNH', 'usd', 'USD ', ' USD', 'US', 'USD\u0000', '', 'XAU', '__proto__', 'constructor'])(
    'case 19: the currency %j',
    (currency) => expect(errorOf('12', currency)).toBe('CURRENCY_UNKNOWN'),
  );

  it.each([null, undefined, 840, ['USD'], { code: 'USD' }])('case 17: the currency %j is not a string', (currency) => {
    expect(parseAmount('12', currency)).toEqual({ ok: false, error: 'CURRENCY_NOT_A_STRING' });
  });
});

describe('parseAmount', () => {
  it('takes exactly the digits that the gate takes, to the unit, and each fits a bigint column', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 999_999_999_999_999n), (minor) => {
        const parsed = parseAmount(minor.toString(), 'CNY');
        expect(parsed.ok && parsed.money.minor === minor && minor < COLUMN_MAXIMUM).toBe(true);
      }),
    );
  });

  it('never throws, and accepts nothing but the gate, whatever text comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0123456789.+-e ') })),
        (text) => {
          expect(parseAmount(text, 'USD').ok).toBe(/^[1-9][0-9]{0,14}$/.test(text));
        },
      ),
    );
  });

  it('takes a zero only where the caller allows it', () => {
    expect(errorOf('0', 'USD', { zeroAllowed: true })).toBeUndefined();
    expect(errorOf('00', 'USD', { zeroAllowed: true })).toBe('ZERO');
  });

  it('answers at once on a long hostile text', () => {
    const started = process.hrtime.bigint();
    errorOf(`${' '.repeat(5_000)}${'0'.repeat(5_000)}`);
    expect(process.hrtime.bigint() - started).toBeLessThan(5_000_000n);
  });
});
