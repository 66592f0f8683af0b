import type { ReturnFactName } from './return-fact';
import type { ReturnState } from './return-state';

/** What a change means for the books; the names of payments.payment.events.v1, which says what each one books. */
export const RETURN_EFFECTS = ['credit_returned', 'return_corrected', 'return_kept'] as const;
export type ReturnEffect = (typeof RETURN_EFFECTS)[number];

/**
 * Why a person has to look. `credit_returned`: money lies in 2050 until the partner has chosen.
 */
export const RETURN_CASE_KINDS = [
  'credit_returned',
  'return_needs_person',
  'return_amount_conflict',
  'return_contradiction',
] as const;
export type ReturnCaseKind = (typeof RETURN_CASE_KINDS)[number];

/** One row of the state table of a returned credit. Of the rows for a state and a fact the first one is the answer. */
export interface ReturnRow {
  /** Null stands for every state; such rows come last. */
  from: readonly ReturnState[] | null;
  facts: readonly ReturnFactName[];
  /** `move`: it changes; `known`: nothing new; `conflict`: the state stands and a case is opened. */
  answer: 'move' | 'known' | 'conflict';
  /** Null: the state stands. */
  to: ReturnState | null;
  /** Whether the payee is credited once more, on another instrument. */
  credits: boolean;
  money: ReturnEffect | null;
  opens: ReturnCaseKind | null;
}

type Some<T> = T | readonly T[];
const listed = <T extends string>(some: Some<T>): readonly T[] => (typeof some === 'string' ? [some] : some);
const STANDS = { to: null, credits: false, money: null, opens: null } as const;

function move(
  from: Some<ReturnState>,
  facts: Some<ReturnFactName>,
  to: ReturnState,
  extras: Partial<Pick<ReturnRow, 'credits' | 'money' | 'opens'>> = {},
): ReturnRow {
  return { ...STANDS, from: listed(from), facts: listed(facts), answer: 'move', to, ...extras };
}

function known(from: Some<ReturnState> | null, facts: Some<ReturnFactName>): ReturnRow {
  return { ...STANDS, from: from === null ? null : listed(from), facts: listed(facts), answer: 'known' };
}

function conflict(from: Some<ReturnState> | null, facts: Some<ReturnFactName>): ReturnRow {
  return { ...known(from, facts), answer: 'conflict', opens: 'return_contradiction' };
}

/** The payee's network was told to credit once more, and has not said yes. */
const ASKED = ['CORRECTING', 'CORRECTION_UNKNOWN', 'IN_REVIEW'] as const;
const NOT_ASKED = ['FOUND', 'RETURNED'] as const;
const CERTAIN_NO = ['correction_declined', 'correction_not_submitted'] as const;
const HALF_TRUTHS = ['correction_pending', 'correction_unknown', 'correction_needs_person'] as const;

/**
 * The state table of a returned credit, the one place that decides what a fact does to it (design 3.2). The partner
 * chooses once: another instrument of the payee, or a refund; where the second credit fails or comes back, too, a refund
 * is what is left. Every fact is answered in every state.
 */
export const RETURN_TABLE: readonly ReturnRow[] = [
  move('FOUND', 'credit_returned', 'RETURNED', { money: 'credit_returned', opens: 'credit_returned' }),
  move('RETURNED', 'correction_requested', 'CORRECTING', { credits: true }),
  move(['RETURNED', 'CORRECTION_FAILED'], 'refund_chosen', 'REFUNDED'),
  // The refund was never sent: the choice is open again.
  move('REFUNDED', 'refund_refused', 'RETURNED'),
  move('REFUNDED', 'last_refund_refused', 'CORRECTION_FAILED'),
  move(['RETURNED', 'CORRECTION_FAILED'], 'refunded_before', 'KEPT', { money: 'return_kept' }),

  move([...ASKED, 'CORRECTION_FAILED'], 'correction_processed', 'CORRECTED', { money: 'return_corrected' }),
  move(ASKED, CERTAIN_NO, 'CORRECTION_FAILED'),
  move('CORRECTING', 'correction_unknown', 'CORRECTION_UNKNOWN'),
  move(['CORRECTION_UNKNOWN', 'IN_REVIEW'], 'correction_pending', 'CORRECTING'),
  move(['CORRECTING', 'CORRECTION_UNKNOWN'], 'correction_needs_person', 'IN_REVIEW', { opens: 'return_needs_person' }),
  move(['CORRECTING', 'CORRECTION_UNKNOWN'], 'correction_amount_conflict', 'IN_REVIEW', {
    opens: 'return_amount_conflict',
  }),
  move('CORRECTED', 'correction_returned', 'CORRECTION_FAILED', { money: 'credit_returned', opens: 'credit_returned' }),

  // An outcome of what was never asked, a no after the yes, a second credit that arrived beside the refund.
  conflict(NOT_ASKED, ['correction_processed', ...CERTAIN_NO, ...HALF_TRUTHS]),
  conflict(['REFUNDED', 'KEPT'], 'correction_processed'),
  conflict('CORRECTED', CERTAIN_NO),
  conflict([...NOT_ASKED, ...ASKED, 'CORRECTION_FAILED', 'REFUNDED', 'KEPT'], 'correction_returned'),
  conflict(null, ['correction_amount_conflict', 'correction_contradicted']),
  known(null, [
    'credit_returned',
    'correction_requested',
    'refund_chosen',
    'refunded_before',
    'refund_refused',
    'last_refund_refused',
    'correction_processed',
    ...CERTAIN_NO,
    ...HALF_TRUTHS,
  ]),
];

/** The rows for a state and a fact, in the order in which they are asked. */
export function returnRowsFor(state: ReturnState, fact: ReturnFactName): readonly ReturnRow[] {
  return RETURN_TABLE.filter((row) => row.facts.includes(fact) && (row.from === null || row.from.includes(state)));
}

/** The table's answer to a fact. Throws only where the table itself is broken, which its tests exclude. */
export function answerToReturn(state: ReturnState, fact: ReturnFactName): ReturnRow {
  const [row] = returnRowsFor(state, fact);
  if (row === undefined) throw new Error(`the table of returned credits does not answer ${fact} in ${state}`);
  return row;
}
