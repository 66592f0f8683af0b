import type { PaymentState } from '../payment-state';
import { conflict, known, note, type TableRow } from './row';

/** The credit was sent: what screening says now is a case and changes nothing. */
const CREDIT_SENT: readonly PaymentState[] = [
  'CREDITING',
  'CREDIT_UNKNOWN',
  'CREDITED',
  'CAPTURING',
  'CAPTURE_UNKNOWN',
  'IN_REVIEW',
  'COMPLETED',
  'CAPTURE_LOST',
];
const SOURCE_NO = ['source_declined', 'source_not_submitted', 'source_lapsed'] as const;
const RELEASE_YES = ['release_processed', 'release_lapsed', 'release_not_needed'] as const;
const RELEASE_NO = ['release_declined', 'release_not_submitted'] as const;

/** What a fact means wherever the other rows do not say: each is answered on purpose, none is dropped. */
export const OTHERWISE_ROWS: readonly TableRow[] = [
  known(null, ['payment_created', 'proceed', 'cancel_requested']),
  known(null, ['start_overdue', 'review_overdue', 'hold_margin_reached']),

  known(null, 'screening_hit', { when: 'hit' }),
  conflict(null, 'screening_hit', 'sanctions_hit'),
  conflict(null, 'screening_clear', 'screening_too_late', { when: 'hit' }),
  conflict(CREDIT_SENT, 'screening_rejected', 'screening_too_late'),
  known(null, ['screening_clear', 'screening_review', 'screening_rejected']),

  known(null, 'reservation_granted'),
  conflict(null, ['reservation_refused', 'reservation_released'], 'reservation_contradiction', {
    when: 'reservation_spent',
  }),
  known(null, ['reservation_refused', 'reservation_released']),

  known(null, ['source_processed', 'source_late']),
  // The network gives the payer back by itself what was taken, and the credit may have been sent: the loss has an owner. A
  // hold that was not captured costs nothing yet, its capture will be refused. Each part is booked once.
  conflict(null, 'source_taken_back_in_part', 'source_taken_back', {
    when: ['returned', 'collect'],
    collect: ['source_taken_back'],
  }),
  conflict(null, 'source_taken_back', 'source_taken_back', { when: ['returned', 'given_back_twice'] }),
  ...(['source_taken_back', 'source_taken_back_in_part'] as const).flatMap((fact) => [
    conflict(null, fact, 'source_taken_back', { when: ['source_funded', 'captured'], hold: ['source_taken_back'] }),
    conflict(null, fact, 'source_taken_back', { when: 'source_funded', collect: ['source_taken_back'] }),
    // Our own undo is under way, and the network says so of what may be the same money: the end of ours tells.
    note(null, fact, { when: 'returning' }),
    known(null, fact, { when: 'source_closed' }),
    conflict(null, fact, 'source_contradiction'),
  ]),
  known(null, SOURCE_NO, { when: 'source_closed' }),
  conflict(null, SOURCE_NO, 'source_contradiction'),
  known(null, ['source_pending', 'source_unknown', 'source_needs_person']),
  conflict(null, 'source_amount_conflict', 'amount_conflict'),

  known(null, RELEASE_YES, { when: 'source_closed' }),
  conflict(null, RELEASE_YES, 'release_contradiction'),
  known(null, RELEASE_NO, { when: 'source_closed' }),
  conflict(null, RELEASE_NO, 'release_contradiction'),
  known(null, ['release_pending', 'release_unknown']),
  known(null, 'release_needs_person', { when: 'source_closed' }),
  conflict(null, 'release_needs_person', 'release_contradiction'),
  conflict(null, 'release_amount_conflict', 'amount_conflict'),

  conflict(null, 'outcome_contradicted', 'notification_conflict'),
];
