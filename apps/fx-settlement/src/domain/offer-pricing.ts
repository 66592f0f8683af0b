import { Money, convert, divideRounded } from '@gateway/money';
import type { Rate } from '@gateway/money';

export type FixedSide = 'source' | 'target';

/** What a corridor costs a partner; amounts in minor units of the payer's currency. */
export interface Price {
  readonly markUpBps: number;
  readonly feeFixed: bigint;
  readonly feeBps: number;
  /** What the target network charges us for a payout; reserved with it, never shown to the payer. */
  readonly commissionBps: number;
  readonly minimum: bigint;
  readonly maximum: bigint;
}

/** The question: one side carries the amount, the other is computed. */
export interface PricingRequest {
  readonly fixedSide: FixedSide;
  readonly amount: Money;
  readonly sourceCurrency: string;
  /** CNY per USD, whichever way the payment goes. */
  readonly mid: Rate;
  readonly price: Price;
}

/** The answer, all of which is printed on the offer. */
export interface PricedOffer {
  readonly customerRate: Rate;
  /** What is converted, without the fee. */
  readonly principal: Money;
  readonly fee: Money;
  /** What the payer pays: principal and fee. */
  readonly source: Money;
  readonly target: Money;
  /** The target amount in the payer's currency at mid: principal less this is the mark-up that the books show. */
  readonly atMid: Money;
  /** The network's commission on the payout, in the target currency. */
  readonly commission: Money;
}

export type PricingRefusal = 'AMOUNT_TOO_SMALL' | 'AMOUNT_BELOW_MINIMUM' | 'AMOUNT_ABOVE_MAXIMUM';
export type PricingResult =
  { readonly ok: true; readonly offer: PricedOffer } | { readonly ok: false; readonly refusal: PricingRefusal };

const BASIS_POINTS = 10_000n;

/**
 * Prices a payment. The payer always gets the worse side of mid: fewer CNY for USD, more CNY for a USD. Mid and
 * customer rate carry 8 places; amounts come from the 8-place customer rate by one conversion, rounded half-even once.
 * A computed side of zero is refused, and so is a principal outside the corridor's bounds.
 */
export function priceOffer(request: PricingRequest): PricingResult {
  const { amount, mid, price } = request;
  const paysBase = request.sourceCurrency === mid.base.code;
  const customerRate = mid.adjustedBy(paysBase ? -price.markUpBps : price.markUpBps);
  const computed = convert(amount, customerRate);
  if (computed.isZero) return { ok: false, refusal: 'AMOUNT_TOO_SMALL' };
  const [principal, target] = request.fixedSide === 'source' ? [amount, computed] : [computed, amount];
  if (principal.minor < price.minimum) return { ok: false, refusal: 'AMOUNT_BELOW_MINIMUM' };
  if (principal.minor > price.maximum) return { ok: false, refusal: 'AMOUNT_ABOVE_MAXIMUM' };
  const fee = Money.of(price.feeFixed + share(principal, price.feeBps), principal.currency);
  const offer = {
    customerRate,
    principal,
    fee,
    source: principal.plus(fee),
    target,
    atMid: convert(target, mid),
    commission: Money.of(share(target, price.commissionBps), target.currency),
  };
  return { ok: true, offer };
}

function share(amount: Money, basisPoints: number): bigint {
  return divideRounded(amount.minor * BigInt(basisPoints), BASIS_POINTS, 'half-even');
}
