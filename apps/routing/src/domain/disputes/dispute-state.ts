/** Where a dispute can stand while its end is to come. `FOUND`: the network has told of it, and nothing is written yet. */
export const OPEN_DISPUTE_STATES = [
  'FOUND',
  'OPEN',
  'REPRESENTING',
  'REPRESENTED',
  'ACCEPTING',
  'ACCEPTED',
  'IN_REVIEW',
] as const;

/** Where it ends, by the network's word alone: the money is ours again, or it is gone. */
export const FINAL_DISPUTE_STATES = ['WON', 'LOST'] as const;

export const DISPUTE_STATES = [...OPEN_DISPUTE_STATES, ...FINAL_DISPUTE_STATES] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

/** What a partner sees of a dispute. */
export type DisputeStatus = 'action_required' | 'processing' | 'under_review' | 'accepted' | 'won' | 'lost';
export const DISPUTE_STATUSES = ['action_required', 'processing', 'under_review', 'accepted', 'won', 'lost'] as const;

const STATUS: Readonly<Record<DisputeState, DisputeStatus>> = {
  FOUND: 'action_required',
  OPEN: 'action_required',
  REPRESENTING: 'processing',
  REPRESENTED: 'under_review',
  ACCEPTING: 'processing',
  ACCEPTED: 'accepted',
  IN_REVIEW: 'processing',
  WON: 'won',
  LOST: 'lost',
};

export function disputeStatusOf(state: DisputeState): DisputeStatus {
  return STATUS[state];
}

/** The states behind a status, for lists. */
export function statesBehind(status: DisputeStatus): DisputeState[] {
  return DISPUTE_STATES.filter((state) => STATUS[state] === status);
}

export function isFinalDispute(state: DisputeState): boolean {
  return (FINAL_DISPUTE_STATES as readonly string[]).includes(state);
}

/** Whether the network has not said what it made of our answer, and the partner is told `outcome: "unknown"`. */
export function disputeIsUnknown(state: DisputeState): boolean {
  return state === 'IN_REVIEW';
}
