import { conflict, known, move, note, type TableRow } from './row';
import { TAKEN_AND_GIVEN_BACK } from './way-back';

/** The source was told to hold or collect and its outcome is not certain. */
const ASKED = ['AUTHORISING', 'AUTH_UNKNOWN'] as const;
const BOTH = ['undo_source', 'undo_reservation'] as const;
const CERTAIN_NO = ['source_declined', 'source_not_submitted'] as const;
const YES = ['source_processed', 'source_late'] as const;
/** The payer is owed what was collected, and the network has given it back by itself, or a part of it. */
const TAKEN_BACK_AND_OWED = ['source_taken_back', 'return_started', 'take_back_settled'] as const;
/** It was taken back before anybody could tell what became of it. */
const TAKEN_BACK = { ...TAKEN_AND_GIVEN_BACK, cause: 'REVERSED', instruct: ['undo_reservation'] } as const;

/** The hold or the collection: from the command to money that is certain, and every way to stop before the credit. */
export const SOURCE_ROWS: readonly TableRow[] = [
  move(ASKED, YES, 'AUTHORISED', { hold: ['hold_funded'], collect: ['collection_funded'] }),
  move(ASKED, CERTAIN_NO, 'REVERSING', { cause: 'DECLINED', instruct: ['undo_reservation'] }),
  move(ASKED, 'source_lapsed', 'REVERSING', { cause: 'EXPIRED', instruct: ['undo_reservation'] }),
  move(ASKED, 'source_taken_back', 'REVERSING', TAKEN_BACK),
  note('AUTHORISING', 'source_pending'),
  move('AUTH_UNKNOWN', 'source_pending', 'AUTHORISING'),
  move('AUTHORISING', 'source_unknown', 'AUTH_UNKNOWN'),
  move(ASKED, 'source_needs_person', 'IN_REVIEW', { opens: 'needs_person' }),
  move(ASKED, 'source_amount_conflict', 'REVERSING', { when: 'hold', cause: 'DECLINED', instruct: BOTH }),
  conflict(ASKED, 'source_amount_conflict', 'amount_conflict'),

  // A match while a collection is under way: undoing it could give blocked money back, so its outcome is awaited.
  note(ASKED, 'screening_hit', {
    when: 'collect',
    cause: 'REJECTED',
    instruct: ['undo_reservation'],
    opens: 'sanctions_hit',
  }),
  move(ASKED, 'screening_hit', 'REVERSING', { cause: 'REJECTED', instruct: BOTH, opens: 'sanctions_hit' }),
  known(ASKED, 'screening_rejected', { when: 'hit' }),
  move(ASKED, 'screening_rejected', 'REVERSING', { cause: 'REJECTED', instruct: BOTH }),
  known(ASKED, 'cancel_requested', { when: 'hit' }),
  move(ASKED, 'cancel_requested', 'REVERSING', { cause: 'CANCELED', instruct: BOTH }),

  // Money is certain; what else must hold before the credit is looked at once, here.
  move('AUTHORISED', 'proceed', 'IN_REVIEW', {
    when: ['hit', 'collect'],
    cause: 'BLOCKED',
    instruct: ['undo_reservation'],
    collect: ['blocked'],
  }),
  move('AUTHORISED', 'proceed', 'REVERSING', { when: 'hit', cause: 'REJECTED', instruct: BOTH }),
  move('AUTHORISED', 'proceed', 'REVERSING', { when: 'margin_short', cause: 'EXPIRED', instruct: BOTH }),
  move('AUTHORISED', 'proceed', 'CREDITING', { when: 'screened', instruct: ['credit'] }),
  // The network has it taken back by itself: there is nothing to undo any more.
  move('AUTHORISED', 'source_taken_back', 'REVERSING', {
    cause: 'REVERSED',
    instruct: ['undo_reservation'],
    hold: ['hold_released'],
    collect: TAKEN_BACK_AND_OWED,
  }),
  // A part of it: nobody is paid out of what is not all there, and we give the rest back.
  move('AUTHORISED', 'source_taken_back_in_part', 'REVERSING', {
    cause: 'REVERSED',
    instruct: BOTH,
    collect: TAKEN_BACK_AND_OWED,
  }),
  note('AUTHORISED', 'screening_review'),
  note('AUTHORISED', 'screening_hit', { opens: 'sanctions_hit' }),
  move('AUTHORISED', 'screening_rejected', 'REVERSING', {
    cause: 'REJECTED',
    instruct: BOTH,
    collect: ['return_started'],
  }),
  move('AUTHORISED', 'cancel_requested', 'REVERSING', {
    cause: 'CANCELED',
    instruct: BOTH,
    collect: ['return_started'],
  }),
];

/** The same outcomes when they come to a payment that a person looks at because of its source. */
export const SOURCE_REVIEW_ROWS: readonly TableRow[] = [
  move('IN_REVIEW', YES, 'AUTHORISED', {
    when: 'source_asked',
    hold: ['hold_funded'],
    collect: ['collection_funded'],
  }),
  move('IN_REVIEW', CERTAIN_NO, 'REVERSING', {
    when: 'source_asked',
    cause: 'DECLINED',
    instruct: ['undo_reservation'],
  }),
  move('IN_REVIEW', 'source_lapsed', 'REVERSING', {
    when: 'source_asked',
    cause: 'EXPIRED',
    instruct: ['undo_reservation'],
  }),
  move('IN_REVIEW', 'source_taken_back', 'REVERSING', { ...TAKEN_BACK, when: 'source_asked' }),
  move('IN_REVIEW', 'source_pending', 'AUTHORISING', { when: 'source_asked' }),
  move('IN_REVIEW', 'source_amount_conflict', 'REVERSING', {
    when: ['source_asked', 'hold'],
    cause: 'DECLINED',
    instruct: BOTH,
  }),
  note('IN_REVIEW', 'screening_hit', {
    when: ['source_asked', 'collect'],
    cause: 'REJECTED',
    instruct: ['undo_reservation'],
    opens: 'sanctions_hit',
  }),
  move('IN_REVIEW', 'screening_hit', 'REVERSING', {
    when: 'source_asked',
    cause: 'REJECTED',
    instruct: BOTH,
    opens: 'sanctions_hit',
  }),
  known('IN_REVIEW', ['screening_rejected', 'cancel_requested'], { when: 'hit' }),
  move('IN_REVIEW', 'screening_rejected', 'REVERSING', { when: 'source_asked', cause: 'REJECTED', instruct: BOTH }),
  move('IN_REVIEW', 'cancel_requested', 'REVERSING', { when: 'source_asked', cause: 'CANCELED', instruct: BOTH }),
  // Collected money of a listed person stays; only the reservation is given back before the payment is final.
  move('IN_REVIEW', 'proceed', 'BLOCKED', { when: ['cause_blocked', 'reservation_closed'] }),
];
