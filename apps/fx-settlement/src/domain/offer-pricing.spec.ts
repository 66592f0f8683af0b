import fc from 'fast-check';
import { Money, Rate } from '@gateway/money';
import { priceOffer } from './offer-pricing';
import type { PricedOffer, PricingRequest } from './offer-pricing';

const price = { markUpBps: 100, feeFixed: 0n, feeBps: 200, commissionBps: 60, minimum: 1n, maximum: 10n ** 12n };
const mid = Rate.ofScaled('USD', 'CNY', 713_280_000n);
const fromUsd: PricingRequest = {
  fixedSide: 'source',
  amount: Money.of(10_000n, 'USD'),
  sourceCurrency: 'USD',
  mid,
  price,
};

function priced(request: PricingRequest): PricedOffer {
  const result = priceOffer(request);
  if (!result.ok) throw new Error(result.refusal);
  return result.offer;
}

describe('priceOffer', () => {
  it('gives the worked example from the US: USD 100.00 and a fee of 2.00 become CNY 706.15', () => {
    const offer = priced(fromUsd);
    expect(offer.customerRate.toString()).toBe('7.06147200');
    expect(
      [offer.principal, offer.fee, offer.source, offer.target, offer.atMid, offer.commission].map((m) => m.minor),
    ).toEqual([10_000n, 200n, 10_200n, 70_615n, 9_900n, 424n]);
  });

  it('gives the worked example from China: USD 50.00 fixed cost CNY 360.21', () => {
    const offer = priced({
      ...fromUsd,
      fixedSide: 'target',
      amount: Money.of(5_000n, 'USD'),
      sourceCurrency: 'CNY',
      price: { ...price, feeBps: 0 },
    });
    expect(offer.customerRate.toString()).toBe('7.20412800');
    expect([offer.principal.minor, offer.target.minor, offer.atMid.minor]).toEqual([36_021n, 5_000n, 35_664n]);
  });

  it('refuses a computed side of zero and a principal outside the bounds (cases 16 and 18)', () => {
    const refusal = (request: PricingRequest): string => {
      const result = priceOffer(request);
      return result.ok ? 'none' : result.refusal;
    };
    expect(refusal({ ...fromUsd, fixedSide: 'target', amount: Money.of(1n, 'CNY') })).toBe('AMOUNT_TOO_SMALL');
    expect(refusal({ ...fromUsd, price: { ...price, minimum: 10_001n } })).toBe('AMOUNT_BELOW_MINIMUM');
    expect(refusal({ ...fromUsd, price: { ...price, minimum: 10_000n, maximum: 10_000n } })).toBe('none');
    expect(refusal({ ...fromUsd, price: { ...price, maximum: 9_999n } })).toBe('AMOUNT_ABOVE_MAXIMUM');
  });

  it('keeps the fixed side to the unit and never prices the payer better than mid', () => {
    const setup = fc.record({
      minor: fc.bigInt(100n, 10n ** 11n),
      scaled: fc.bigInt(600_000_000n, 800_000_000n),
      markUpBps: fc.integer({ min: 1, max: 500 }),
      fixedSide: fc.constantFrom('source' as const, 'target' as const),
      sourceCurrency: fc.constantFrom('USD', 'CNY'),
    });
    fc.assert(
      fc.property(setup, ({ minor, scaled, markUpBps, fixedSide, sourceCurrency }) => {
        const targetCurrency = sourceCurrency === 'USD' ? 'CNY' : 'USD';
        const amount = Money.of(minor, fixedSide === 'source' ? sourceCurrency : targetCurrency);
        const offer = priced({
          fixedSide,
          amount,
          sourceCurrency,
          mid: Rate.ofScaled('USD', 'CNY', scaled),
          price: { ...price, markUpBps },
        });
        expect((fixedSide === 'source' ? offer.principal : offer.target).equals(amount)).toBe(true);
        expect(offer.source.minor).toBe(offer.principal.minor + offer.fee.minor);
        const smallest = sourceCurrency === 'USD' ? 1n : 10n;
        expect(offer.atMid.minor <= offer.principal.minor + smallest).toBe(true);
      }),
    );
  });
});
