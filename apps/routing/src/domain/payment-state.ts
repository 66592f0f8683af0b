/** Where a payment can stand while something is still to come (design 3.2). */
export const OPEN_STATES = [
  'CREATED',
  'SCREENING',
  'SCREENED',
  'RESERVED',
  'HELD',
  'AUTHORISING',
  'AUTH_UNKNOWN',
  'AUTHORISED',
  'CREDITING',
  'CREDIT_UNKNOWN',
  'CREDITED',
  'CAPTURING',
  'CAPTURE_UNKNOWN',
  'REVERSING',
  'REVERSAL_UNKNOWN',
  'IN_REVIEW',
] as const;

/** Where a payment ends. None is entered while a reservation or a hold is open or undecided. */
export const FINAL_STATES = [
  'COMPLETED',
  'REJECTED',
  'DECLINED',
  'EXPIRED',
  'REVERSED',
  'BLOCKED',
  'CAPTURE_LOST',
] as const;

export const PAYMENT_STATES = [...OPEN_STATES, ...FINAL_STATES] as const;

export type FinalState = (typeof FINAL_STATES)[number];
export type PaymentState = (typeof PAYMENT_STATES)[number];

export function isFinal(state: PaymentState): state is FinalState {
  return (FINAL_STATES as readonly string[]).includes(state);
}

/** Why a payment goes back. Kept from the first reason on, because it chooses the final state. */
export const CAUSES = ['REJECTED', 'DECLINED', 'EXPIRED', 'REVERSED', 'CANCELED', 'BLOCKED'] as const;
export type Cause = (typeof CAUSES)[number];
