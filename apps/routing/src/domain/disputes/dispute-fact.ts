/**
 * Whose outcomes carry versions of their own: that the network has opened the dispute, where the network says it stands
 * (one outcome can tell both), and the answer that we gave it.
 */
export type DisputePart = 'opened' | 'network' | 'answer';

/**
 * Everything that can be learnt about a dispute. `opened` to `lost` are the network's word; `told_otherwise` is one that
 * cannot be true beside what it has said before: another amount, or that what has ended is open. `evidence_given` and
 * `acceptance_given` come from the partner, or from what we know ourselves; the rest is what became of our answer.
 */
export const DISPUTE_FACTS = [
  'opened',
  'under_review',
  'won',
  'lost',
  'told_otherwise',
  'evidence_given',
  'acceptance_given',
  'represent_processed',
  'represent_refused',
  'represent_unknown',
  'represent_needs_person',
  'accept_processed',
  'accept_refused',
  'accept_unknown',
  'accept_needs_person',
] as const;
export type DisputeFactName = (typeof DISPUTE_FACTS)[number];

/** One fact with what came along. */
export interface DisputeFact {
  name: DisputeFactName;
  part?: DisputePart;
  version?: number;
  /** Our reason code. */
  reason?: string;
  /** Of `told_otherwise`: what the network says now. */
  detail?: Record<string, string>;
}
