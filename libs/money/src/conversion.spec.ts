import fc from 'fast-check';
import { CNY, Money, Rate, USD, convert, divideRounded, refundShare } from './index';
import type { Rounding } from './index';

function rate(text: string, base = 'USD', quoted = 'CNY'): Rate {
  const parsed = Rate.parse(base, quoted, text);
  if (parsed === undefined) throw new Error(`not a rate: ${text}`);
  return parsed;
}
const usd = (minor: bigint): Money => Money.of(minor, USD);
const cny = (minor: bigint): Money => Money.of(minor, CNY);
const rates = fc.bigInt(600_000_000n, 900_000_000n).map((scaled) => Rate.ofScaled('USD', 'CNY', scaled));

describe('convert', () => {
  it('multiplies from the base currency and divides from the quoted one, by the same rate', () => {
    expect(convert(usd(10_000n), rate('7.061472')).minor).toBe(70_615n);
    expect(convert(cny(70_615n), rate('7.1328')).minor).toBe(9_900n);
    expect(convert(usd(5_000n), rate('7.204128')).minor).toBe(36_021n);
    expect(convert(cny(36_021n), rate('7.204128')).minor).toBe(5_000n);
  });

  it.each<[Rounding, bigint]>([
    ['half-even', 14n],
    ['half-up', 15n],
    ['down', 14n],
    ['up', 15n],
  ])('rounds USD 0.02 at 7.25 (CNY 0.145 exactly) by %s to %s', (rounding, expected) => {
    expect(convert(usd(2n), rate('7.25'), rounding).minor).toBe(expected);
  });

  it('knows currencies with none and with three minor digits', () => {
    expect(convert(usd(10_000n), rate('150.5', 'USD', 'JPY')).minor).toBe(15_050n);
    expect(convert(Money.of(15_050n, 'JPY'), rate('150.5', 'USD', 'JPY')).minor).toBe(10_000n);
    expect(convert(usd(10_000n), rate('0.376', 'USD', 'BHD')).minor).toBe(37_600n);
  });

  it('refuses a currency that the rate does not price, and a result beyond a bigint column', () => {
    expect(() => convert(Money.of(1n, 'EUR'), rate('7.1'))).toThrow(TypeError);
    expect(() => convert(usd(9_223_372_036_854_775_807n), rate('7.1'))).toThrow(RangeError);
  });

  it('can round an amount to nothing, which the caller must refuse (case 18)', () => {
    expect(convert(cny(1n), rate('7.1')).isZero).toBe(true);
  });

  it('lies within half a unit of the exact product, for every rounding within one', () => {
    const modes = fc.constantFrom<Rounding>('half-even', 'half-up', 'down', 'up');
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), rates, modes, (minor, price, rounding) => {
        const error = convert(usd(minor), price, rounding).minor * 10n ** 8n - minor * price.scaled;
        const magnitude = error < 0n ? -error : error;
        expect(magnitude <= (rounding.startsWith('half') ? 50_000_000n : 99_999_999n)).toBe(true);
      }),
    );
  });

  it('gives a source back to the unit when USD become the dearer CNY and return at the same rate', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 14n), rates, (minor, price) => {
        expect(convert(convert(usd(minor), price), price).minor).toBe(minor);
      }),
    );
  });

  it('keeps what a number would lose', () => {
    expect(convert(usd(900_719_925_474_099_3n), rate('1')).minor).toBe(900_719_925_474_099_3n);
  });
});

describe('divideRounded', () => {
  it('is symmetric about zero', () => {
    const modes = fc.constantFrom<Rounding>('half-even', 'half-up', 'down', 'up');
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), modes, (dividend, divisor, rounding) => {
        expect(divideRounded(-dividend, divisor, rounding)).toBe(-divideRounded(dividend, divisor, rounding));
        expect(divideRounded(dividend, -divisor, rounding)).toBe(-divideRounded(dividend, divisor, rounding));
      }),
    );
  });

  it('takes the even neighbour of an exact half', () => {
    expect([5n, 15n, 25n, -5n, -15n].map((n) => divideRounded(n, 10n, 'half-even'))).toEqual([0n, 2n, 2n, 0n, -2n]);
  });
});

describe('refundShare', () => {
  it('gives the shares of the worked example: 40 % and then the remainder', () => {
    const first = refundShare(usd(10_000n), cny(70_615n), cny(0n), { refundedBefore: usd(0n), refundNow: usd(4_000n) });
    const last = refundShare(usd(10_000n), cny(70_615n), first, {
      refundedBefore: usd(4_000n),
      refundNow: usd(6_000n),
    });
    expect([first.minor, last.minor]).toEqual([28_246n, 42_369n]);
  });

  it('adds up to the other side exactly, however many partial refunds there are, and never goes negative', () => {
    const parts = fc.array(fc.bigInt(1n, 10n ** 9n), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.bigInt(1n, 10n ** 13n), (refunds, otherMinor) => {
        const original = usd(refunds.reduce((sum, part) => sum + part, 0n));
        let before = usd(0n);
        let otherBefore = cny(0n);
        for (const part of refunds) {
          const share = refundShare(original, cny(otherMinor), otherBefore, {
            refundedBefore: before,
            refundNow: usd(part),
          });
          expect(share.minor >= 0n).toBe(true);
          before = before.plus(usd(part));
          otherBefore = otherBefore.plus(share);
        }
        expect(otherBefore.minor).toBe(otherMinor);
      }),
    );
  });

  it('does not drift: a thousand smallest refunds give back what one of their sum does, to half a unit', () => {
    const [original, other] = [cny(70_615n), usd(10_000n)];
    let [before, otherBefore] = [cny(0n), usd(0n)];
    for (let refund = 0; refund < 1_000; refund += 1) {
      const share = refundShare(original, other, otherBefore, { refundedBefore: before, refundNow: cny(4n) });
      [before, otherBefore] = [before.plus(cny(4n)), otherBefore.plus(share)];
    }
    expect(otherBefore.minor).toBe(566n);
  });

  it('refuses more than the original', () => {
    const progress = { refundedBefore: usd(60n), refundNow: usd(41n) };
    expect(() => refundShare(usd(100n), cny(700n), cny(420n), progress)).toThrow(RangeError);
  });
});
