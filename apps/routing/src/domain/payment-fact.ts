import type { Money } from '@gateway/money';
import type { DeclineClass, NextAction, VersionedPart } from './payment';

/**
 * Everything that can be learnt about a payment. A wallet's outcome is a fact of its leg: `source` is the hold or the
 * collection, `release` its undoing. `_lapsed` is a certain no because time ran out; `_needs_person` an unknown whose
 * enquiry plan has ended; `_amount_conflict` an outcome over another amount than asked;
 * `release_not_needed` a certain release that found nothing to undo; `source_taken_back` that the payer has the money again
 * without the payment's own undo: the wallet reversed what nobody could tell of, or the network took back by itself what it
 * had held or collected (`_in_part`: a part of it); `source_late` a yes that comes after the wallet's own certain no;
 * `outcome_contradicted` a notification against an outcome that stands.
 */
export const FACTS = [
  'payment_created',
  'screening_clear',
  'screening_review',
  'screening_rejected',
  'screening_hit',
  'reservation_granted',
  'reservation_refused',
  'reservation_released',
  'source_processed',
  'source_declined',
  'source_not_submitted',
  'source_lapsed',
  'source_taken_back',
  'source_taken_back_in_part',
  'source_late',
  'source_pending',
  'source_unknown',
  'source_needs_person',
  'source_amount_conflict',
  'credit_processed',
  'credit_declined',
  'credit_not_submitted',
  'credit_lapsed',
  'credit_pending',
  'credit_unknown',
  'credit_needs_person',
  'credit_amount_conflict',
  'capture_processed',
  'capture_declined',
  'capture_not_submitted',
  'capture_pending',
  'capture_unknown',
  'capture_needs_person',
  'capture_amount_conflict',
  'release_processed',
  'release_declined',
  'release_not_submitted',
  'release_lapsed',
  'release_not_needed',
  'release_pending',
  'release_unknown',
  'release_needs_person',
  'release_amount_conflict',
  'outcome_contradicted',
  'cancel_requested',
  'start_overdue',
  'review_overdue',
  'hold_margin_reached',
  'proceed',
] as const;

/**
 * `cancel_requested` comes from the partner. Three facts come from the clock and are about terms, never about how long
 * an answer takes: `start_overdue` (the source's money can no longer be asked for), `review_overdue` (a review keeps a
 * reservation too long), `hold_margin_reached` (too little is left on the hold). `proceed` is asked of the table after
 * every fact: what follows from what is known now.
 */
export type FactName = (typeof FACTS)[number];

/** One fact with what came along. */
export interface Fact {
  name: FactName;
  /** The part whose outcome it is, and the outcome's version: a version not above the last one taken in is a repeat. */
  part?: VersionedPart;
  version?: number;
  instructionId?: string;
  network?: string;
  counterparty?: string;
  amount?: Money;
  /** Our reason code. */
  reason?: string;
  holdExpiresAt?: string;
  nextAction?: NextAction;
  /** Until when a collection can be taken back as if it had not been. */
  cancelableUntil?: string;
  /** Of a refusal: what the network's code says of another try. */
  declineClass?: DeclineClass;
  /** More that a person needs of it. */
  detail?: Record<string, string>;
}
