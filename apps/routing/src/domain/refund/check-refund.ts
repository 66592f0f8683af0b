import type { Money } from '@gateway/money';
import type { Dispute } from '../disputes/dispute';
import type { Payment } from '../payment';
import type { Refund } from './refund';
import type { RefundBearer, RefundRule, RefundTerms } from './refund-rule';
import { sharesOf, sumOf, type ShareRefusal, type Sides } from './refund-shares';
import { refundableUntil } from './refund-window';

/** Why a refund is refused before anything is written. */
export type RefundRefusal =
  | ShareRefusal
  | 'PAYMENT_NOT_REFUNDABLE'
  | 'REFUND_WINDOW_CLOSED'
  | 'REFUND_WINDOW_OPEN'
  | 'RETURN_NOT_ACTIONABLE'
  | 'BEARER_MISSING'
  | 'BEARER_NOT_CHOSEN'
  | 'DISPUTE_OPEN'
  | 'DISPUTE_LOST';

/** Why a refund that was asked for in time may not be sent: the payer has got the money back otherwise, or may get it. */
export type RefundForbidden = 'DISPUTE_OPEN' | 'DISPUTE_LOST' | 'TAKEN_BACK';

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
 * once the second sees the first. People refund what the network does not take any more, and nothing else.
 */
export function checkRefund(
  payment: Payment,
  refunds: readonly Refund[],
  wanted: Money | null,
  { now, byHand = false }: { now: Date; byHand?: boolean },
): Sides | RefundRefusal {
  if (payment.state !== 'COMPLETED' || payment.standing.parts.source === 'taken_back') return 'PAYMENT_NOT_REFUNDABLE';
  const isClosed = now.getTime() > refundableUntil(payment).getTime();
  if (isClosed !== byHand) return isClosed ? 'REFUND_WINDOW_CLOSED' : 'REFUND_WINDOW_OPEN';
  return sharesOf(refundableSides(payment), refundedSides(payment, refunds), wanted);
}

/**
 * The dispute that forbids any refund of its payment, with the reason: while one is open the money is with the cardholder
 * already, and after a lost one it stays there. The caller holds the payment's lock.
 */
export function forbiddingDispute(
  disputes: readonly Dispute[],
): { refusal: Exclude<RefundForbidden, 'TAKEN_BACK'>; disputeId: string } | null {
  const open = disputes.find(({ state }) => state !== 'WON' && state !== 'LOST');
  if (open !== undefined) return { refusal: 'DISPUTE_OPEN', disputeId: open.id };
  const lost = disputes.find(({ state }) => state === 'LOST');
  return lost === undefined ? null : { refusal: 'DISPUTE_LOST', disputeId: lost.id };
}

/**
 * What forbids to send a refund that was asked for before: asked again when its money is there, under the payment's lock, so
 * that a dispute opened meanwhile, or a network that has given the payer everything back by itself, is seen.
 */
export function forbiddenNow(payment: Pick<Payment, 'standing'>, disputes: readonly Dispute[]): RefundForbidden | null {
  if (payment.standing.parts.source === 'taken_back') return 'TAKEN_BACK';
  return forbiddingDispute(disputes)?.refusal ?? null;
}

/**
 * The terms of a refund by its payment's rule: the bearer is named under R4 and under no other rule. What is funded by a
 * credit that came back is at the original rate, for the payee's side gives exactly what it did not keep.
 */
export function termsOfRefund(
  rule: RefundRule,
  bearer: RefundBearer | null,
  isFromReturn: boolean,
): RefundTerms | RefundRefusal {
  if (isFromReturn) return { rule: 'R1', bearer: null };
  if (rule !== 'R4') return bearer === null ? { rule, bearer } : 'BEARER_NOT_CHOSEN';
  return bearer === null ? 'BEARER_MISSING' : { rule, bearer };
}

/** What of a payment a credit that came back refunds: as much as came back, or all that is left (null), if that is less. */
export function whatCameBack(payment: Payment, refunds: readonly Refund[], amount: Money): Money | null {
  const left = refundableSides(payment).target.minus(refundedSides(payment, refunds).target);
  return amount.compare(left) < 0 ? amount : null;
}
