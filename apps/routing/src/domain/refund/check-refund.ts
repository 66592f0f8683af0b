import type { Money } from '@gateway/money';
import type { Dispute } from '../disputes/dispute';
import type { Payment } from '../payment';
import type { Refund } from './refund';
import { sharesOf, sumOf, type ShareRefusal, type Sides } from './refund-shares';
import { refundableUntil } from './refund-window';

/** Why a refund is refused before anything is written. */
export type RefundRefusal =
  | ShareRefusal
  | 'PAYMENT_NOT_REFUNDABLE'
  | 'REFUND_WINDOW_CLOSED'
  | 'RETURN_NOT_ACTIONABLE'
  | 'DISPUTE_OPEN'
  | 'DISPUTE_LOST';

/** What of a payment is refunded, without the fee: a fee comes back only where a contract says so. */
export function refundableSides({ order }: Pick<Payment, 'order'>): Sides {
  return { source: order.principal, target: order.target };
}

/** The sums of those refunds that took something or may still: a refused one took nothing. */
export function refundedSides(payment: Pick<Payment, 'order'>, refunds: readonly Refund[]): Sides {
  const counted = refunds.filter(({ state }) => state !== 'REFUSED').map(({ order }) => order);
  return sumOf(refundableSides(payment), counted);
}

/**
 * Both amounts of a wanted refund, or why there is none. The caller holds the payment's lock, so that of two refunds at
 * once the second sees the first.
 */
export function checkRefund(
  payment: Payment,
  refunds: readonly Refund[],
  wanted: Money | null,
  now: Date,
): Sides | RefundRefusal {
  if (payment.state !== 'COMPLETED') return 'PAYMENT_NOT_REFUNDABLE';
  if (now.getTime() > refundableUntil(payment).getTime()) return 'REFUND_WINDOW_CLOSED';
  return sharesOf(refundableSides(payment), refundedSides(payment, refunds), wanted);
}

/**
 * The dispute that forbids any refund of its payment, with the reason: while one is open the money is with the cardholder
 * already, and after a lost one it stays there. The caller holds the payment's lock.
 */
export function forbiddingDispute(
  disputes: readonly Dispute[],
): { refusal: 'DISPUTE_OPEN' | 'DISPUTE_LOST'; disputeId: string } | null {
  const open = disputes.find(({ state }) => state !== 'WON' && state !== 'LOST');
  if (open !== undefined) return { refusal: 'DISPUTE_OPEN', disputeId: open.id };
  const lost = disputes.find(({ state }) => state === 'LOST');
  return lost === undefined ? null : { refusal: 'DISPUTE_LOST', disputeId: lost.id };
}
