import fc from 'fast-check';
import {
  COLUMN_MAXIMUM,
  COLUMN_MINIMUM,
  Money,
  Rate,
  allocate,
  currencyOf,
  findCurrency,
  formatMoney,
  knownCurrencies,
  parseDecimal,
  toDecimal,
} from './index';

const currencies = fc.constantFrom(...knownCurrencies());
const columns = fc.bigInt(COLUMN_MINIMUM, COLUMN_MAXIMUM);

describe('Currency', () => {
  it.each([
    ['USD', 2],
    ['CNY', 2],
    ['EUR', 2],
    ['GBP', 2],
    ['HKD', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['BHD', 3],
  ])('%s has %i minor digits', (code, exponent) => {
    expect(currencyOf(code).exponent).toBe(exponent);
  });

  it('does not know offshore yuan, test codes or another case', () => {
    expect(['CNH', 'XXX', 'XTS', 'usd', 'USD '].map((code) => findCurrency(code))).toEqual(Array(5).fill(undefined));
    expect(() => currencyOf('CNH')).toThrow(RangeError);
  });
});

describe('Money', () => {
  it('holds exactly what a bigint column holds, and refuses one more', () => {
    expect(Money.of(COLUMN_MAXIMUM, 'USD').minor).toBe(9_223_372_036_854_775_807n);
    expect(() => Money.of(COLUMN_MAXIMUM, 'USD').plus(Money.of(1n, 'USD'))).toThrow(RangeError);
    expect(() => Money.of(COLUMN_MINIMUM, 'USD').negated()).toThrow(RangeError);
  });

  it('loses no unit in sums that a number would round', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 62n - 1n), fc.bigInt(0n, 2n ** 62n - 1n), (a, b) => {
        const sum = Money.of(a, 'CNY').plus(Money.of(b, 'CNY'));
        expect(sum.minus(Money.of(b, 'CNY')).minor).toBe(a);
        expect(BigInt(sum.toDigits())).toBe(a + b);
      }),
    );
  });

  it('does not mix currencies', () => {
    expect(() => Money.of(1n, 'USD').plus(Money.of(1n, 'CNY'))).toThrow(TypeError);
    expect(() => Money.of(1n, 'USD').compare(Money.of(1n, 'CNY'))).toThrow(TypeError);
    expect(Money.of(1n, 'USD').equals(Money.of(1n, 'CNY'))).toBe(false);
  });

  it('is never a number: its amount is a bigint through every operation', () => {
    const results = [Money.of(7n, 'USD').negated(), ...allocate(Money.of(7n, 'USD'), [1n, 2n])];
    expect(results.every((money) => typeof money.minor === 'bigint')).toBe(true);
  });
});

describe('allocate', () => {
  it('keeps the sum to the unit, and no part is further than one unit from its exact share', () => {
    const weights = fc.array(fc.bigInt(0n, 10n ** 9n), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(columns, weights, (minor, parts) => {
        const whole = parts.reduce((sum, part) => sum + part, 0n);
        fc.pre(whole > 0n);
        const shares = allocate(Money.of(minor, 'CNY'), parts).map((share) => share.minor);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(minor);
        shares.forEach((share, index) => {
          const error = share * whole - minor * (parts[index] ?? 0n);
          expect((error < 0n ? -error : error) < whole).toBe(true);
        });
      }),
    );
  });

  it('gives the odd units to the largest remainders, the earlier part first', () => {
    expect(allocate(Money.of(100n, 'USD'), [1n, 1n, 1n]).map((part) => part.minor)).toEqual([34n, 33n, 33n]);
    expect(() => allocate(Money.of(1n, 'USD'), [0n])).toThrow(RangeError);
    expect(() => allocate(Money.of(1n, 'USD'), [2n, -1n])).toThrow(RangeError);
  });
});

describe('decimal texts', () => {
  it('are what people and banks read', () => {
    expect(formatMoney(Money.of(10_200n, 'USD'))).toBe('102.00 USD');
    expect(formatMoney(Money.of(-5n, 'USD'))).toBe('-0.05 USD');
    expect(formatMoney(Money.of(102n, 'JPY'))).toBe('102 JPY');
    expect(formatMoney(Money.of(1n, 'BHD'))).toBe('0.001 BHD');
  });

  it('come back to the unit', () => {
    const small = fc.bigInt(-(10n ** 15n) + 1n, 10n ** 15n - 1n);
    fc.assert(
      fc.property(small, currencies, (minor, currency) => {
        expect(parseDecimal(toDecimal(Money.of(minor, currency)), currency)?.minor).toBe(minor);
      }),
    );
  });

  it('are refused when they would have to be rounded or are no amount', () => {
    const usd = currencyOf('USD');
    expect(['1.005', '1,00', '.5', '1.', '+1', '1e2', ' 1', '', '01', 'NaN'].map((t) => parseDecimal(t, usd))).toEqual(
      Array(10).fill(undefined),
    );
    expect(parseDecimal('12.5', usd)?.minor).toBe(1250n);
    expect(parseDecimal('12.5000', usd)?.minor).toBe(1250n);
    expect(parseDecimal('1.5', currencyOf('JPY'))).toBeUndefined();
  });
});

describe('Rate', () => {
  it('reads and prints eight places', () => {
    expect(Rate.parse('USD', 'CNY', '7.1328')?.toString()).toBe('7.13280000');
    expect(Rate.parse('USD', 'CNY', '0.00000001')?.scaled).toBe(1n);
    const refused = ['0', '0.000', '-7', '7.123456789', '1e1', '', 'N/A', '7,1', ' 7', '07'];
    expect(refused.map((text) => Rate.parse('USD', 'CNY', text))).toEqual(Array(10).fill(undefined));
  });

  it('moves by basis points, rounded half-even to 8 places once', () => {
    const mid = Rate.ofScaled('USD', 'CNY', 713_280_000n);
    expect(mid.adjustedBy(-100).toString()).toBe('7.06147200');
    expect(mid.adjustedBy(100).toString()).toBe('7.20412800');
    expect(Rate.ofScaled('USD', 'CNY', 5_000n).adjustedBy(1).scaled).toBe(5_000n);
    expect(Rate.ofScaled('USD', 'CNY', 15_000n).adjustedBy(1).scaled).toBe(15_002n);
  });

  it('crosses two prices of a third currency: CNY per EUR over USD per EUR', () => {
    const cnyPerEur = Rate.ofScaled('EUR', 'CNY', 798_270_000n);
    const usdPerEur = Rate.ofScaled('EUR', 'USD', 116_840_000n);
    const crossed = Rate.cross(cnyPerEur, usdPerEur);
    expect([crossed.base.code, crossed.quoted.code, crossed.toString()]).toEqual(['USD', 'CNY', '6.83216364']);
    expect(() => Rate.cross(cnyPerEur, crossed)).toThrow(TypeError);
  });

  it('measures a distance in basis points, rounded up so that a limit is never missed', () => {
    const mid = Rate.ofScaled('USD', 'CNY', 700_000_000n);
    expect(mid.distanceInBasisPoints(Rate.ofScaled('USD', 'CNY', 703_500_000n))).toBe(50);
    expect(mid.distanceInBasisPoints(Rate.ofScaled('USD', 'CNY', 703_500_001n))).toBe(51);
    expect(mid.distanceInBasisPoints(mid)).toBe(0);
  });
});
