import type { PaymentCase } from '../advance-payment';
import { caseAbout } from '../case-about';
import { movedBy, type Refund } from '../refund/refund';
import { isUnsentRefund } from '../refund/refund-state';
import type { DisputeInHand } from './advance-dispute';
import { isRefundedInFull } from './own-evidence';

/**
 * Opens a case for every refund that pays the cardholder what the dispute has given back already, once for each refund.
 * No refund is sent while a dispute is open, but one that was on its way goes on: it may have left, and the network alone
 * knows. One that waits for its money or its rate is refused when these are there. A payment that was refunded in full
 * before is answered with that proof; only where it is lost has the cardholder both. One that is owed when it is lost pays
 * nobody: it is withdrawn.
 */
export function openCasesOfRefunds(hand: DisputeInHand, refunds: readonly Refund[], now: Date): void {
  const { dispute, payment, journal } = hand;
  if (dispute.state === 'WON' || (dispute.state !== 'LOST' && isRefundedInFull(payment, refunds))) return;
  const told = dispute.standing.refundsTold ?? [];
  const isWithdrawn = (state: Refund['state']): boolean => state === 'OWED' && dispute.state === 'LOST';
  const paid = refunds.filter(({ id, state }) => !isUnsentRefund(state) && !isWithdrawn(state) && !told.includes(id));
  if (paid.length === 0) return;
  journal.cases.push(...paid.map((refund) => caseOf(hand, refund, now)));
  journal.touched = true;
  dispute.standing.refundsTold = [...told, ...paid.map(({ id }) => id)];
  hand.touched = true;
}

function caseOf({ dispute, payment }: DisputeInHand, refund: Refund, at: Date): PaymentCase {
  const { amount, liability } = dispute.order;
  const { source } = movedBy(refund);
  const object = { name: 'dispute', id: dispute.id, state: dispute.state, amount } as const;
  const more = {
    refund: refund.id,
    refund_amount: source.toDigits(),
    refund_currency: source.currency.code,
    refund_state: refund.state,
    liability: liability.bearer,
    due_by: dispute.standing.dueBy,
  };
  const fact = dispute.state === 'LOST' ? 'dispute_lost' : 'dispute_opened';
  const told = {
    kind: 'refund_and_dispute',
    fact,
    instructionId: null,
    reason: undefined,
    version: undefined,
  } as const;
  return caseAbout(payment, object, { ...told, more }, at);
}
