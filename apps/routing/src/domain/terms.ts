import type { Payment } from './payment';

/**
 * How long after the offer's expiry the payer's money may still be asked for. The quote is judged with zero tolerance
 * when the order comes in; from then on it is used, and screening and reserving may take their time. Hold and collect
 * carry the sum as `not_after`.
 */
export const START_ALLOWANCE_MS = 60_000;
/** A credit is started within this time after the money was certain, or not at all; less where a hold ends sooner. */
export const CREDIT_START_MS = 24 * 3_600_000;
/** A review that takes longer gives the reservation back (design 3.3). */
export const REVIEW_KEEPS_RESERVATION_MS = 10 * 60_000;

/** `not_after` of the hold or the collection. */
export function startBy(payment: Payment): Date {
  return new Date(payment.order.offerExpiresAt.getTime() + START_ALLOWANCE_MS);
}

/** From when on too little is left on the hold for a credit; null where there is no hold, or its end is not known. */
export function marginFrom(payment: Payment): Date | null {
  const { holdExpiresAt } = payment.standing;
  if (payment.order.funding !== 'hold' || holdExpiresAt === null) return null;
  return new Date(Date.parse(holdExpiresAt) - payment.order.holdMarginMs);
}

/** `not_after` of a credit that is sent now. */
export function creditBy(payment: Payment, now: Date): Date {
  const latest = now.getTime() + CREDIT_START_MS;
  const margin = marginFrom(payment);
  return new Date(margin === null ? latest : Math.min(latest, margin.getTime()));
}
