import type { Money } from '@gateway/money';
import type { Payment } from '../payment';
import type { Refund } from './refund';
import { sharesOf, sumOf, type ShareRefusal, type Sides } from './refund-shares';
import { refundableUntil } from './refund-window';

/** Why a refund is refused before anything is written. */
export type RefundRefusal = ShareRefusal | 'PAYMENT_NOT_REFUNDABLE' | 'REFUND_WINDOW_CLOSED' | 'RETURN_NOT_ACTIONABLE';

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
