import { conflict, known, move, note, type TableRow } from './row';

/** The payee's wallet was told to credit and its outcome is not certain. */
const ASKED = ['CREDITING', 'CREDIT_UNKNOWN'] as const;
const BOTH = ['undo_source', 'undo_reservation'] as const;
const CERTAIN_NO = ['credit_declined', 'credit_not_submitted'] as const;
const CREDITED = { hold: ['credited'], collect: ['credited'] } as const;
/** The payer is owed the money; what the network has given back of it by itself counts. */
const OWED = ['return_started', 'take_back_settled'] as const;
const WAY_BACK = { instruct: BOTH, collect: OWED } as const;

/** The credit was refused after the network had taken the payer's money back by itself: there is nothing to undo. */
const NOTHING_LEFT = {
  instruct: ['undo_reservation'],
  hold: ['hold_released'],
  collect: OWED,
} as const;

/** The credit: proof alone moves it. */
export const CREDIT_ROWS: readonly TableRow[] = [
  move(ASKED, 'credit_processed', 'CREDITED', CREDITED),
  move(ASKED, CERTAIN_NO, 'REVERSING', { ...NOTHING_LEFT, when: 'taken_back', cause: 'REVERSED' }),
  move(ASKED, 'credit_lapsed', 'REVERSING', { ...NOTHING_LEFT, when: 'taken_back', cause: 'EXPIRED' }),
  move(ASKED, CERTAIN_NO, 'REVERSING', { ...WAY_BACK, cause: 'REVERSED' }),
  move(ASKED, 'credit_lapsed', 'REVERSING', { ...WAY_BACK, cause: 'EXPIRED' }),
  move('CREDIT_UNKNOWN', 'credit_pending', 'CREDITING'),
  move('CREDITING', 'credit_unknown', 'CREDIT_UNKNOWN'),
  move(ASKED, 'credit_needs_person', 'IN_REVIEW', { opens: 'needs_person' }),
  conflict(ASKED, 'credit_amount_conflict', 'amount_conflict'),

  move('IN_REVIEW', 'credit_processed', 'CREDITED', { ...CREDITED, when: 'credit_asked' }),
  move('IN_REVIEW', CERTAIN_NO, 'REVERSING', {
    ...NOTHING_LEFT,
    when: ['credit_asked', 'taken_back'],
    cause: 'REVERSED',
  }),
  move('IN_REVIEW', 'credit_lapsed', 'REVERSING', {
    ...NOTHING_LEFT,
    when: ['credit_asked', 'taken_back'],
    cause: 'EXPIRED',
  }),
  move('IN_REVIEW', CERTAIN_NO, 'REVERSING', { ...WAY_BACK, when: 'credit_asked', cause: 'REVERSED' }),
  move('IN_REVIEW', 'credit_lapsed', 'REVERSING', { ...WAY_BACK, when: 'credit_asked', cause: 'EXPIRED' }),
  move('IN_REVIEW', 'credit_pending', 'CREDITING', { when: 'credit_asked' }),

  // The hold nears its end and the credit is not proven: an alarm with an owner, and nothing is captured or released.
  note(ASKED, 'hold_margin_reached', { opens: 'hold_margin' }),
  note('IN_REVIEW', 'hold_margin_reached', { when: 'credit_asked', opens: 'hold_margin' }),

  move('CREDITED', 'proceed', 'CAPTURING', { when: 'hold', instruct: ['capture'] }),
  move('CREDITED', 'proceed', 'COMPLETED'),
];

/** Proof that comes after the end of the credit was certain, from whatever state. */
export const LATE_CREDIT_ROWS: readonly TableRow[] = [
  conflict(null, 'credit_processed', 'late_credit', {
    when: 'credit_refused',
    hold: ['late_credit'],
    collect: ['late_credit'],
  }),
  known(null, 'credit_processed', { when: 'credited' }),
  known(null, 'credit_processed', { when: 'credited_late' }),
  conflict(null, 'credit_processed', 'credit_contradiction'),
  known(null, [...CERTAIN_NO, 'credit_lapsed'], { when: 'credit_refused' }),
  conflict(null, [...CERTAIN_NO, 'credit_lapsed'], 'credit_contradiction'),
  known(null, ['credit_pending', 'credit_unknown']),
  known(null, 'credit_needs_person', { when: 'credited' }),
  known('IN_REVIEW', 'credit_needs_person', { when: 'credit_asked' }),
  conflict(null, 'credit_needs_person', 'credit_contradiction'),
  conflict(null, 'credit_amount_conflict', 'amount_conflict'),
];
