import { refundShare, type Money } from '@gateway/money';

/** The two sides of a payment or of a refund: what goes back to the payer, and what the payee's side gives for it. */
export interface Sides {
  source: Money;
  target: Money;
}

/** Why amounts cannot be refunded. */
export type ShareRefusal = 'REFUND_EXCEEDS' | 'AMOUNT_TOO_SMALL' | 'UNKNOWN_CURRENCY';

/**
 * Rule R1, the original rate: both amounts of a refund as shares of the payment's, never a new conversion. Each side is
 * bounded by what is left of it; the refund that exhausts the side it names takes what is left of the other, so that the
 * parts add up on both. A refund whose other side would be nothing is too small.
 *
 * @param whole what the payment converted: principal without fee, and what the payee got
 * @param before the sums of the refunds that count
 * @param wanted the amount on either side, told by its currency; null for all that is left
 */
export function sharesOf(whole: Sides, before: Sides, wanted: Money | null): Sides | ShareRefusal {
  const left = { source: whole.source.minus(before.source), target: whole.target.minus(before.target) };
  const named = wanted === null ? 'source' : sideOf(whole, wanted);
  if (named === null) return 'UNKNOWN_CURRENCY';
  const amount = wanted ?? left.source;
  if (!left[named].isPositive || amount.compare(left[named]) > 0) return 'REFUND_EXCEEDS';
  const other = named === 'source' ? 'target' : 'source';
  const share = refundShare(whole[named], whole[other], before[other], {
    refundedBefore: before[named],
    refundNow: amount,
  });
  if (!amount.isPositive || !share.isPositive) return 'AMOUNT_TOO_SMALL';
  return named === 'source' ? { source: amount, target: share } : { source: share, target: amount };
}

/** Adds up what refunds took, from nothing. */
export function sumOf(whole: Sides, refunds: readonly Sides[]): Sides {
  return refunds.reduce<Sides>(
    (sum, refund) => ({ source: sum.source.plus(refund.source), target: sum.target.plus(refund.target) }),
    { source: whole.source.minus(whole.source), target: whole.target.minus(whole.target) },
  );
}

function sideOf(whole: Sides, wanted: Money): keyof Sides | null {
  if (wanted.currency.code === whole.source.currency.code) return 'source';
  return wanted.currency.code === whole.target.currency.code ? 'target' : null;
}
