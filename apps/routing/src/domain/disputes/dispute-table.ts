import type { DisputeFactName } from './dispute-fact';
import type { DisputeState } from './dispute-state';

/** What a change means for the books; the names of payments.payment.events.v1, which says what each one books. */
export const DISPUTE_EFFECTS = ['dispute_opened', 'dispute_won', 'dispute_lost'] as const;
export type DisputeEffect = (typeof DISPUTE_EFFECTS)[number];

/** What the network can be told, once a dispute: evidence, or that it stands. */
export type DisputeAnswer = 'represent' | 'accept';

/** Why a person has to look. `dispute_opened`: money lies in 1300, and a deadline runs. */
export const DISPUTE_CASE_KINDS = ['dispute_opened', 'dispute_needs_person', 'dispute_contradiction'] as const;
/** `refund_and_dispute`: no fact of the table opens it; a refund of the payment pays the cardholder a second time. */
export type DisputeCaseKind = (typeof DISPUTE_CASE_KINDS)[number] | 'refund_and_dispute';

/** One row of the state table of a dispute. Of the rows for a state and a fact the first one is the answer. */
export interface DisputeRow {
  /** Null stands for every state; such rows come last. */
  from: readonly DisputeState[] | null;
  facts: readonly DisputeFactName[];
  /** `move`: it changes; `known`: nothing new; `conflict`: the state stands and a case is opened. */
  answer: 'move' | 'known' | 'conflict';
  /** Null: the state stands. */
  to: DisputeState | null;
  /** What the network is told. */
  instruct: DisputeAnswer | null;
  money: DisputeEffect | null;
  opens: DisputeCaseKind | null;
}

type Some<T> = T | readonly T[];
const listed = <T extends string>(some: Some<T>): readonly T[] => (typeof some === 'string' ? [some] : some);
const STANDS = { to: null, instruct: null, money: null, opens: null } as const;

function move(
  from: Some<DisputeState>,
  facts: Some<DisputeFactName>,
  to: DisputeState,
  extras: Partial<Pick<DisputeRow, 'instruct' | 'money' | 'opens'>> = {},
): DisputeRow {
  return { ...STANDS, from: listed(from), facts: listed(facts), answer: 'move', to, ...extras };
}

function known(from: Some<DisputeState> | null, facts: Some<DisputeFactName>): DisputeRow {
  return { ...STANDS, from: from === null ? null : listed(from), facts: listed(facts), answer: 'known' };
}

function conflict(from: Some<DisputeState> | null, facts: Some<DisputeFactName>): DisputeRow {
  return { ...known(from, facts), answer: 'conflict', opens: 'dispute_contradiction' };
}

/** The money is with the cardholder, and the network has not had its last word. */
const AWAY = ['OPEN', 'REPRESENTING', 'REPRESENTED', 'ACCEPTING', 'ACCEPTED', 'IN_REVIEW'] as const;
/** An answer of ours is under way. */
const ANSWERING = ['REPRESENTING', 'ACCEPTING', 'IN_REVIEW'] as const;
const UNHEARD = ['represent_unknown', 'accept_unknown'] as const;

/**
 * The state table of a dispute, the one place that decides what a fact does to it (design 3.2). It is answered once, by
 * evidence or by acceptance, and ends by the network's word alone: a deadline that has passed ends nothing here. Every
 * fact is answered in every state.
 */
export const DISPUTE_TABLE: readonly DisputeRow[] = [
  move('FOUND', 'opened', 'OPEN', { money: 'dispute_opened', opens: 'dispute_opened' }),
  move('OPEN', 'evidence_given', 'REPRESENTING', { instruct: 'represent' }),
  move('OPEN', 'acceptance_given', 'ACCEPTING', { instruct: 'accept' }),

  move(['REPRESENTING', 'IN_REVIEW'], 'represent_processed', 'REPRESENTED'),
  move(['ACCEPTING', 'IN_REVIEW'], 'accept_processed', 'ACCEPTED'),
  move(['REPRESENTING', 'IN_REVIEW'], 'represent_refused', 'OPEN'),
  move(['ACCEPTING', 'IN_REVIEW'], 'accept_refused', 'OPEN'),
  move('REPRESENTING', 'represent_needs_person', 'IN_REVIEW', { opens: 'dispute_needs_person' }),
  move('ACCEPTING', 'accept_needs_person', 'IN_REVIEW', { opens: 'dispute_needs_person' }),

  // Answered at the network itself, or our own answer whose outcome is still on its way.
  move(['OPEN', ...ANSWERING], 'under_review', 'REPRESENTED'),
  move(AWAY, 'won', 'WON', { money: 'dispute_won' }),
  move(AWAY, 'lost', 'LOST', { money: 'dispute_lost' }),

  // A last word that is taken back (arbitration), an outcome of what was never asked, both answers at once.
  conflict('WON', ['lost', 'accept_processed']),
  conflict('LOST', 'won'),
  conflict(['FOUND', 'OPEN'], ['represent_processed', 'accept_processed']),
  conflict(['ACCEPTING', 'ACCEPTED'], 'represent_processed'),
  conflict(['REPRESENTING', 'REPRESENTED'], 'accept_processed'),
  conflict('FOUND', ['under_review', 'won', 'lost']),
  conflict(null, 'told_otherwise'),

  known(null, [
    'opened',
    'under_review',
    'won',
    'lost',
    'evidence_given',
    'acceptance_given',
    'represent_processed',
    'accept_processed',
    'represent_refused',
    'accept_refused',
    'represent_needs_person',
    'accept_needs_person',
    ...UNHEARD,
  ]),
];

/** The rows for a state and a fact, in the order in which they are asked. */
export function disputeRowsFor(state: DisputeState, fact: DisputeFactName): readonly DisputeRow[] {
  return DISPUTE_TABLE.filter((row) => row.facts.includes(fact) && (row.from === null || row.from.includes(state)));
}

/** The table's answer to a fact. Throws only where the table itself is broken, which its tests exclude. */
export function answerToDispute(state: DisputeState, fact: DisputeFactName): DisputeRow {
  const [row] = disputeRowsFor(state, fact);
  if (row === undefined) throw new Error(`the table of disputes does not answer ${fact} in ${state}`);
  return row;
}
