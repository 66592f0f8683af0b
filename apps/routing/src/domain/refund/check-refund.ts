import type { Money } from '@gateway/money';
import type { Dispute } from '../disputes/dispute';
import type { Payment } from '../payment';
import { leftOfTaken } from '../taken-back';
import { movedBy, type Refund } from './refund';
import type { RefundBearer, RefundRule, RefundTerms } from './refund-rule';
import { sharesOf, sumOf, type ShareRefusal, type Sides } from './refund-shares';
import { isUnsentRefund, tookNothing } from './refund-state';
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

/**
 * Why a refund that was asked for in time may not be sent: the payer has got the money back otherwise, or may get it, or so
 * much of it that both together would be more than was taken.
 */
export type RefundForbidden = 'DISPUTE_OPEN' | 'DISPUTE_LOST' | 'TAKEN_BACK' | 'REFUND_EXCEEDS';

/** What of a payment is refunded, without the fee: a fee comes back only where a contract says so. */
export function refundableSides({ order }: Pick<Payment, 'order'>): Sides {
  return { source: order.principal, target: order.target };
}

/** The sums of those refunds that took something or may still. */
export function refundedSides(payment: Pick<Payment, 'order'>, refunds: readonly Refund[]): Sides {
  const counted = refunds.filter(({ state }) => !tookNothing(state)).map(({ order }) => order);
  return sumOf(refundableSides(payment), counted);
}

/**
 * The most that refunds can still give the payer: never more than was taken, less what was refunded and what the network has
 * taken back by itself.
 */
export function leftToRefund(payment: Pick<Payment, 'order' | 'standing'>, refunds: readonly Refund[]): Money {
  const refunded = refundedSides(payment, refunds).source;
  const ofTaken = leftOfTaken(payment).minus(refunded);
  const ofPrincipal = refundableSides(payment).source.minus(refunded);
  return ofTaken.compare(ofPrincipal) < 0 ? ofTaken : ofPrincipal;
}

function isRefundable({ state, standing }: Payment): boolean {
  return state === 'COMPLETED' && standing.parts.source !== 'taken_back';
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
  if (!isRefundable(payment)) return 'PAYMENT_NOT_REFUNDABLE';
  const isClosed = now.getTime() > refundableUntil(payment).getTime();
  if (isClosed !== byHand) return isClosed ? 'REFUND_WINDOW_CLOSED' : 'REFUND_WINDOW_OPEN';
  const left = leftToRefund(payment, refunds);
  const isCut = payment.standing.takenBack !== undefined && left.isPositive;
  const whole = refundableSides(payment);
  const shares = sharesOf(whole, refundedSides(payment, refunds), wanted ?? (isCut ? left : null));
  return typeof shares !== 'string' && shares.source.compare(left) > 0 ? 'REFUND_EXCEEDS' : shares;
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

/** A payment, which is locked, with its disputes and refunds as they stand. */
export interface RefundSurroundings {
  payment: Pick<Payment, 'order' | 'standing'>;
  disputes: readonly Dispute[];
  refunds: readonly Refund[];
}

/**
 * What forbids to send a refund that was asked for before: asked again when its money is there, under the payment's lock, so
 * that a dispute opened meanwhile, or a network that has given the payer something back by itself, is seen.
 */
export function forbiddenNow(refund: Refund, around: RefundSurroundings): RefundForbidden | null {
  if (around.payment.standing.parts.source === 'taken_back') return 'TAKEN_BACK';
  const dispute = forbiddingDispute(around.disputes);
  if (dispute !== null) return dispute.refusal;
  return isOvertaken(refund, around, (state) => !isUnsentRefund(state)) ? 'REFUND_EXCEEDS' : null;
}

/**
 * What forbids for good to pay a refund that is owed: that the payer has the money otherwise, or so much of it that this one does
 * not fit any more, which nothing can change. A dispute that is open may still be won, and a refund under way may still be
 * refused: while it is only these that speak against it, it stays owed.
 */
export function forbiddenForGood(
  refund: Refund,
  around: RefundSurroundings,
): Exclude<RefundForbidden, 'DISPUTE_OPEN'> | null {
  if (around.payment.standing.parts.source === 'taken_back') return 'TAKEN_BACK';
  if (around.disputes.some(({ state }) => state === 'LOST')) return 'DISPUTE_LOST';
  return isOvertaken(refund, around, (state) => STAYS.has(state)) ? 'REFUND_EXCEEDS' : null;
}

/** The payer has it, or it is kept for the payer. */
const STAYS: ReadonlySet<Refund['state']> = new Set(['COMPLETED', 'PAID_BY_HAND', 'OWED']);

/** With those others that count it would be more than was taken and not taken back. */
function isOvertaken(
  refund: Refund,
  { payment, refunds }: RefundSurroundings,
  counts: (state: Refund['state']) => boolean,
): boolean {
  if (payment.standing.takenBack === undefined) return false;
  const others = refunds.filter(({ id, state }) => id !== refund.id && counts(state));
  const sum = others.reduce((all, one) => all.plus(movedBy(one).source), movedBy(refund).source);
  return sum.compare(leftOfTaken(payment)) > 0;
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

/** Whether refunds that have their money pay all of the payment back: nothing of it is left to be refunded, for good. */
export function isPaidBack(payment: Pick<Payment, 'order'>, refunds: readonly Refund[]): boolean {
  const funded = refunds.filter(({ state }) => !isUnsentRefund(state));
  return refundedSides(payment, funded).target.equals(refundableSides(payment).target);
}

/** What of a payment a credit that came back refunds: as much as came back, or all that is left (null), if that is less. */
export function whatCameBack(payment: Payment, refunds: readonly Refund[], amount: Money): Money | null {
  const whole = refundableSides(payment);
  const before = refundedSides(payment, refunds);
  if (amount.compare(whole.target.minus(before.target)) >= 0) return null;
  const shares = sharesOf(whole, before, amount);
  const isTooMuch = typeof shares !== 'string' && shares.source.compare(leftToRefund(payment, refunds)) > 0;
  return isTooMuch ? null : amount;
}
