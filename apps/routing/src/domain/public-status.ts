import type { Payment } from './payment';
import type { PaymentState } from './payment-state';

/** What a partner sees of a payment (design 3.2). */
export type PublicStatus = 'processing' | 'requires_action' | 'completed' | 'declined' | 'canceled' | 'failed';

const FIXED: Partial<Record<PaymentState, PublicStatus>> = {
  CREDITED: 'completed',
  CAPTURING: 'completed',
  CAPTURE_UNKNOWN: 'completed',
  CAPTURE_LOST: 'completed',
  COMPLETED: 'completed',
  DECLINED: 'declined',
  REJECTED: 'declined',
  EXPIRED: 'canceled',
};

/**
 * From CREDITED on the payee has the money: `completed`, whatever becomes of the capture. HELD, IN_REVIEW and BLOCKED
 * read `processing`, so that nobody is tipped off. The order that waits for the payer reads `requires_action`.
 */
export function publicStatusOf(payment: Pick<Payment, 'state' | 'standing'>): PublicStatus {
  const { state, standing } = payment;
  if (state === 'REVERSED') return standing.cause === 'CANCELED' ? 'canceled' : 'failed';
  if (state === 'IN_REVIEW' && standing.parts.credit === 'processed') return 'completed';
  if (state === 'AUTHORISING' && standing.nextAction !== null) return 'requires_action';
  return FIXED[state] ?? 'processing';
}

const UNKNOWN_STATES: readonly PaymentState[] = ['AUTH_UNKNOWN', 'CREDIT_UNKNOWN', 'REVERSAL_UNKNOWN', 'IN_REVIEW'];

/** Whether the partner is told `outcome: "unknown"`: money moved or did not, and the proof is still to come. */
export function outcomeIsUnknown(payment: Pick<Payment, 'state' | 'standing'>): boolean {
  if (payment.standing.cause === 'BLOCKED') return false;
  return UNKNOWN_STATES.includes(payment.state) && publicStatusOf(payment) === 'processing';
}
