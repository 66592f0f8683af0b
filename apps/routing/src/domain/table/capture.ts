import { conflict, known, move, type TableRow } from './row';

/** The payee has the money and the hold is being captured. */
const ASKED = ['CAPTURING', 'CAPTURE_UNKNOWN'] as const;
const TAKEN_BACK = ['taken_back', 'more_taken_back'] as const;

/** The capture of a hold: final, for the exact amount, after a certain credit. */
export const CAPTURE_ROWS: readonly TableRow[] = [
  // What was captured has been taken back by the network itself, all or a part of it, before the capture was known.
  ...TAKEN_BACK.map((when) =>
    move(ASKED, 'capture_processed', 'COMPLETED', { when, hold: ['captured', 'source_taken_back'] }),
  ),
  move(ASKED, 'capture_processed', 'COMPLETED', { hold: ['captured'] }),
  move(ASKED, 'capture_declined', 'CAPTURE_LOST', { hold: ['capture_lost'], opens: 'capture_lost' }),
  // It never left, though the wallet repeated it: the hold may still be good, so a person decides and not the clock.
  move(ASKED, 'capture_not_submitted', 'IN_REVIEW', { opens: 'capture_refused' }),
  move('CAPTURE_UNKNOWN', 'capture_pending', 'CAPTURING'),
  move('CAPTURING', 'capture_unknown', 'CAPTURE_UNKNOWN'),
  move(ASKED, 'capture_needs_person', 'IN_REVIEW', { opens: 'needs_person' }),
  conflict(ASKED, 'capture_amount_conflict', 'amount_conflict'),

  ...TAKEN_BACK.map((when) =>
    move('IN_REVIEW', 'capture_processed', 'COMPLETED', {
      when: ['capture_asked', when],
      hold: ['captured', 'source_taken_back'],
    }),
  ),
  move('IN_REVIEW', 'capture_processed', 'COMPLETED', { when: 'capture_asked', hold: ['captured'] }),
  move('IN_REVIEW', 'capture_declined', 'CAPTURE_LOST', {
    when: 'capture_asked',
    hold: ['capture_lost'],
    opens: 'capture_lost',
  }),
  move('IN_REVIEW', 'capture_pending', 'CAPTURING', { when: 'capture_asked' }),

  known(null, 'capture_processed', { when: 'captured' }),
  conflict(null, 'capture_processed', 'capture_contradiction'),
  known(null, 'capture_declined', { when: 'capture_refused' }),
  known('IN_REVIEW', ['capture_not_submitted', 'capture_needs_person'], { when: 'capture_asked' }),
  conflict(null, ['capture_declined', 'capture_not_submitted'], 'capture_contradiction'),
  known(null, ['capture_pending', 'capture_unknown']),
  conflict(null, 'capture_needs_person', 'capture_contradiction'),
  conflict(null, 'capture_amount_conflict', 'amount_conflict'),
];
