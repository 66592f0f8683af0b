import { known, move, note, type TableRow } from './row';

const BEFORE_MONEY = ['SCREENING', 'SCREENED', 'RESERVED', 'HELD'] as const;

/** From the order to both conditions, screened and reserved: only then is the payer's wallet touched. */
export const BEFORE_MONEY_ROWS: readonly TableRow[] = [
  move('CREATED', 'payment_created', 'SCREENING', { instruct: ['screen', 'reserve'] }),

  move('SCREENING', 'screening_clear', 'SCREENED'),
  move('RESERVED', 'screening_clear', 'AUTHORISING', { instruct: ['fund'] }),
  move('HELD', 'screening_clear', 'AUTHORISING', { when: 'reserved', instruct: ['fund'] }),
  move('HELD', 'screening_clear', 'SCREENED', { when: 'reservation_released', instruct: ['reserve'] }),
  move('HELD', 'screening_clear', 'SCREENED'),
  move(['SCREENING', 'SCREENED', 'RESERVED'], 'screening_review', 'HELD'),

  move('SCREENING', 'reservation_granted', 'RESERVED'),
  move('SCREENED', 'reservation_granted', 'AUTHORISING', { when: 'reservation_asked', instruct: ['fund'] }),
  note('HELD', 'reservation_granted', { when: 'reservation_asked' }),
  note('HELD', 'review_overdue', { when: 'reserved', instruct: ['undo_reservation'] }),
  note('HELD', 'review_overdue', { when: 'reservation_asked', instruct: ['undo_reservation'] }),
  known('HELD', 'reservation_refused', { when: 'reservation_released' }),
  note('SCREENED', 'proceed', { when: 'reservation_released', instruct: ['reserve'] }),

  move(BEFORE_MONEY, 'reservation_refused', 'REVERSING', { when: 'reservation_asked', cause: 'REJECTED' }),
  move(BEFORE_MONEY, 'screening_rejected', 'REVERSING', { cause: 'REJECTED', instruct: ['undo_reservation'] }),
  move(BEFORE_MONEY, 'screening_hit', 'REVERSING', {
    cause: 'REJECTED',
    instruct: ['undo_reservation'],
    opens: 'sanctions_hit',
  }),
  move(BEFORE_MONEY, 'cancel_requested', 'REVERSING', { cause: 'CANCELED', instruct: ['undo_reservation'] }),
  move('HELD', 'start_overdue', 'REVERSING', { cause: 'EXPIRED', instruct: ['undo_reservation'] }),
];
