import type { FactName } from '../payment-fact';
import { conflict, known, move, note, type TableRow } from './row';

/** The source is being undone, the reservation given back, or both: final only when both are closed. */
const UNDOING = ['REVERSING', 'REVERSAL_UNKNOWN', 'IN_REVIEW'] as const;
const UNDONE = { hold: ['hold_released'], collect: ['return_confirmed'] } as const;
/** Taken and given back before either was known: the books see both. */
export const TAKEN_AND_GIVEN_BACK = {
  hold: ['hold_funded', 'hold_released'],
  collect: ['collection_funded', 'return_started', 'return_confirmed'],
} as const;
const CERTAIN_NO = ['source_declined', 'source_not_submitted', 'source_lapsed'] as const;
const REFUSALS = ['release_declined', 'release_not_submitted'] as const;
const RELEASED = ['release_processed', 'release_lapsed'] as const;
const CLOSED = ['reservation_closed', 'source_closed'] as const;

/** A refused undo goes on from wherever the payment stands. */
const goOn = (facts: FactName | readonly FactName[], extras: Parameters<typeof note>[2]): TableRow[] => [
  move(UNDOING, facts, 'REVERSING', extras),
  note(null, facts, extras),
];
const GIVEN_BACK = { hold: ['hold_released'], collect: ['source_taken_back', 'take_back_settled'] } as const;
const PART_GIVEN_BACK = { collect: GIVEN_BACK.collect, instruct: ['undo_source'] } as const;

/**
 * What the network gives back by itself while our own undo is under way can be the same money: it is only noted, until it is
 * certain what became of ours. Where ours was refused it counts, and the rest is asked for; where ours was done, all is known
 * to be back, but a part on top of that is a loss.
 */
const GIVEN_BACK_MEANWHILE_ROWS: readonly TableRow[] = [
  ...goOn(REFUSALS, { when: ['returning', 'all_taken_back'], ...GIVEN_BACK }),
  ...goOn(REFUSALS, { when: ['returning', 'collect', 'more_taken_back'], ...PART_GIVEN_BACK }),
  ...goOn('source_taken_back', { when: 'release_refused', ...GIVEN_BACK }),
  ...goOn('source_taken_back_in_part', { when: ['release_refused', 'collect'], ...PART_GIVEN_BACK }),
  ...goOn(RELEASED, {
    when: ['returning', 'collect', 'more_taken_back'],
    collect: ['return_confirmed', 'source_taken_back'],
    opens: 'source_taken_back',
  }),
];

/** Undoing, until nothing is open; the cause then chooses the final state. */
export const WAY_BACK_ROWS: readonly TableRow[] = [
  move('REVERSING', 'proceed', 'REJECTED', { when: [...CLOSED, 'cause_rejected'] }),
  move('REVERSING', 'proceed', 'DECLINED', { when: [...CLOSED, 'cause_declined'] }),
  move('REVERSING', 'proceed', 'EXPIRED', { when: [...CLOSED, 'cause_expired'] }),
  move('REVERSING', 'proceed', 'REVERSED', { when: [...CLOSED, 'cause_reversed'] }),
  move('REVERSING', 'proceed', 'REVERSED', { when: [...CLOSED, 'cause_canceled'] }),

  ...GIVEN_BACK_MEANWHILE_ROWS,
  move(UNDOING, RELEASED, 'REVERSING', { ...UNDONE, when: 'returning' }),
  move(UNDOING, RELEASED, 'REVERSING', { when: 'withdrawing' }),
  move(UNDOING, 'release_not_needed', 'REVERSING', { when: 'withdrawing' }),
  move(['REVERSAL_UNKNOWN', 'IN_REVIEW'], 'release_pending', 'REVERSING', { when: 'returning' }),
  move(['REVERSAL_UNKNOWN', 'IN_REVIEW'], 'release_pending', 'REVERSING', { when: 'withdrawing' }),
  move('REVERSING', 'release_unknown', 'REVERSAL_UNKNOWN', { when: 'returning' }),
  move('REVERSING', 'release_unknown', 'REVERSAL_UNKNOWN', { when: 'withdrawing' }),
  ...(['returning', 'withdrawing'] as const).flatMap((when) => [
    move(['REVERSING', 'REVERSAL_UNKNOWN'], 'release_needs_person', 'IN_REVIEW', { when, opens: 'needs_person' }),
    move(['REVERSING', 'REVERSAL_UNKNOWN'], REFUSALS, 'IN_REVIEW', { when, opens: 'release_refused' }),
    known('IN_REVIEW', [...REFUSALS, 'release_needs_person'], { when }),
    conflict(null, 'release_amount_conflict', 'amount_conflict', { when }),
  ]),

  // The source's own outcome while it is being undone.
  move(UNDOING, CERTAIN_NO, 'REVERSING', { when: 'withdrawing' }),
  move(UNDOING, 'source_taken_back', 'REVERSING', { ...TAKEN_AND_GIVEN_BACK, when: 'withdrawing' }),
  // It had been undone, or refused, before it is known that there was something to take back.
  note(null, 'source_taken_back', { ...TAKEN_AND_GIVEN_BACK, when: 'withdrawn' }),
  note(null, 'source_taken_back', { ...TAKEN_AND_GIVEN_BACK, when: 'source_refused' }),
  note(null, 'source_processed', {
    when: 'withdrawing',
    hold: ['hold_funded'],
    collect: ['collection_funded', 'return_started'],
  }),
  // It had been taken and given back before its outcome came: the books see both.
  note(null, 'source_processed', { ...TAKEN_AND_GIVEN_BACK, when: 'withdrawn' }),
  // It had been refused for certain: a case, and the payer's money goes back at once, whatever the state.
  conflict(null, 'source_processed', 'late_source_success', {
    when: 'source_refused',
    instruct: ['undo_source'],
    hold: ['hold_funded'],
    collect: ['collection_funded', 'return_started'],
  }),
  // The undo found nothing and the source then proved to have been taken: undone again, under a new id.
  conflict(null, 'release_not_needed', 'late_source_success', { when: 'returning', instruct: ['undo_source'] }),
  // It stands although it had been undone for certain: undone once more, and nothing of it reaches the books.
  conflict(null, 'source_late', 'late_source_success', { when: 'withdrawing', instruct: ['undo_source'] }),
  conflict(null, 'source_late', 'late_source_success', { when: 'withdrawn', instruct: ['undo_source'] }),
  conflict(null, 'source_late', 'late_source_success', {
    when: 'source_refused',
    instruct: ['undo_source'],
    hold: ['hold_funded'],
    collect: ['collection_funded', 'return_started'],
  }),
  note(null, RELEASED, { ...UNDONE, when: 'returning' }),
  note(null, [...RELEASED, 'release_not_needed'], { when: 'withdrawing' }),
];
