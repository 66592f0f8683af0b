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

/**
 * Where a refund ends: the payer has the money, by a network or by people, or nothing had moved. `WITHDRAWN`: it was funded and
 * reached nobody, and as the payer has the money otherwise what it took was given back.
 */
export const FINAL_REFUND_STATES = ['COMPLETED', 'PAID_BY_HAND', 'REFUSED', 'WITHDRAWN'] as const;

export const REFUND_STATES = [...OPEN_REFUND_STATES, ...FINAL_REFUND_STATES] as const;
export type RefundState = (typeof REFUND_STATES)[number];

export function isFinalRefund(state: RefundState): boolean {
  return (FINAL_REFUND_STATES as readonly string[]).includes(state);
}

/** Whether it takes nothing of its payment any more: what it had asked for, or taken, is free again. */
export function tookNothing(state: RefundState): boolean {
  return state === 'REFUSED' || state === 'WITHDRAWN';
}

/** Whether it has nobody's money: not yet, or for good. */
export function isUnsentRefund(state: RefundState): boolean {
  return tookNothing(state) || ['REQUESTED', 'AWAITING_RATE', 'FUNDING', 'UNFUNDING'].includes(state);
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
  WITHDRAWN: 'refused',
};

/**
 * `refused`: nothing moved, or all of it was given back, and the amounts are free again. `failed`: the payer's network refused
 * for good; the money is kept for the payer, and only a proof that it arrived after all, a person, or that the payer has got
 * the money otherwise ends it.
 */
export function refundStatusOf(state: RefundState): RefundStatus {
  return STATUS[state];
}

/** Whether the partner is told `outcome: "unknown"`. */
export function refundIsUnknown(state: RefundState): boolean {
  return state === 'SEND_UNKNOWN' || state === 'IN_REVIEW';
}
