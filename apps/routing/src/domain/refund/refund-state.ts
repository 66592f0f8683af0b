/** Where a refund can stand while something is still to come. `UNFUNDING`: it may not be sent, what was reserved is given back. */
export const OPEN_REFUND_STATES = [
  'REQUESTED',
  'AWAITING_RATE',
  'FUNDING',
  'UNFUNDING',
  'SENDING',
  'SEND_UNKNOWN',
  'IN_REVIEW',
  'OWED',
] as const;

/** Where a refund ends: the payer has the money, by a network or by people, or nothing had moved. */
export const FINAL_REFUND_STATES = ['COMPLETED', 'PAID_BY_HAND', 'REFUSED'] as const;

export const REFUND_STATES = [...OPEN_REFUND_STATES, ...FINAL_REFUND_STATES] as const;
export type RefundState = (typeof REFUND_STATES)[number];

export function isFinalRefund(state: RefundState): boolean {
  return (FINAL_REFUND_STATES as readonly string[]).includes(state);
}

/** Whether nothing of it has been sent: it can still be refused without anybody having moved money. */
export function isUnsentRefund(state: RefundState): boolean {
  return ['REQUESTED', 'AWAITING_RATE', 'FUNDING', 'UNFUNDING', 'REFUSED'].includes(state);
}

/** What a partner sees of a refund. */
export type RefundStatus = 'processing' | 'completed' | 'refused' | 'failed';

const STATUS: Readonly<Record<RefundState, RefundStatus>> = {
  REQUESTED: 'processing',
  AWAITING_RATE: 'processing',
  FUNDING: 'processing',
  UNFUNDING: 'processing',
  SENDING: 'processing',
  SEND_UNKNOWN: 'processing',
  IN_REVIEW: 'processing',
  OWED: 'failed',
  COMPLETED: 'completed',
  PAID_BY_HAND: 'completed',
  REFUSED: 'refused',
};

/**
 * `refused`: nothing moved and the amounts are free again. `failed`: the payer's network refused for good; the money is
 * kept for the payer, and only a proof that it arrived after all, or a person, ends it.
 */
export function refundStatusOf(state: RefundState): RefundStatus {
  return STATUS[state];
}

/** Whether the partner is told `outcome: "unknown"`. */
export function refundIsUnknown(state: RefundState): boolean {
  return state === 'SEND_UNKNOWN' || state === 'IN_REVIEW';
}
