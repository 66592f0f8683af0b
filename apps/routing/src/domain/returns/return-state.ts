/** Where a returned credit can stand while somebody has to act. `FOUND`: it has come back, and nothing is written yet. */
export const OPEN_RETURN_STATES = [
  'FOUND',
  'RETURNED',
  'CORRECTING',
  'CORRECTION_UNKNOWN',
  'IN_REVIEW',
  'CORRECTION_FAILED',
] as const;

/**
 * Where it ends: the payee has the money after all, unless it comes back once more, or it has become a refund, or it is the
 * partner's, whose balance had paid the refund before.
 */
export const ENDED_RETURN_STATES = ['CORRECTED', 'REFUNDED', 'KEPT'] as const;

export const RETURN_STATES = [...OPEN_RETURN_STATES, ...ENDED_RETURN_STATES] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

/** What a partner sees of a returned credit. */
export type ReturnStatus = 'action_required' | 'processing' | 'completed';

const STATUS: Readonly<Record<ReturnState, ReturnStatus>> = {
  FOUND: 'action_required',
  RETURNED: 'action_required',
  CORRECTING: 'processing',
  CORRECTION_UNKNOWN: 'processing',
  IN_REVIEW: 'processing',
  CORRECTION_FAILED: 'action_required',
  CORRECTED: 'completed',
  REFUNDED: 'completed',
  KEPT: 'completed',
};

export function returnStatusOf(state: ReturnState): ReturnStatus {
  return STATUS[state];
}

/** Whether it waits for the partner's choice. */
export function awaitsChoice(state: ReturnState): boolean {
  return actionsOf(state).length > 0;
}

/** What the partner may choose: the payee is corrected once, a refund stays possible where that did not help. */
export function actionsOf(state: ReturnState): ('correct' | 'refund')[] {
  if (state === 'RETURNED') return ['correct', 'refund'];
  return state === 'CORRECTION_FAILED' ? ['refund'] : [];
}

/** Whether the partner is told `outcome: "unknown"`. */
export function returnIsUnknown(state: ReturnState): boolean {
  return state === 'CORRECTION_UNKNOWN' || state === 'IN_REVIEW';
}
