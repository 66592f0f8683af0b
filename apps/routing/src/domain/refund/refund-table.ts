import type { RefundFactName, RefundInstruction } from './refund-fact';
import type { RefundState } from './refund-state';

/** What a change means for the books; the names of payments.payment.events.v1, which says what each one books. */
export const REFUND_EFFECTS = [
  'refund_funded',
  'refund_sent',
  'refund_sent_elsewhere',
  'refund_paid_by_hand',
  'refund_withdrawn',
] as const;
export type RefundEffect = (typeof REFUND_EFFECTS)[number];

/** Why a person has to look. */
export const REFUND_CASE_KINDS = [
  'refund_needs_person',
  'refund_owed',
  'refund_amount_conflict',
  'refund_contradiction',
] as const;
export type RefundCaseKind = (typeof REFUND_CASE_KINDS)[number];

/** One row of the refund's state table. Of the rows for a state and a fact the first one is the answer. */
export interface RefundRow {
  /** Null stands for every state; such rows come last. */
  from: readonly RefundState[] | null;
  facts: readonly RefundFactName[];
  /** `move`: the refund changes; `known`: nothing new; `conflict`: the state stands and a case is opened. */
  answer: 'move' | 'known' | 'conflict';
  /** Null: the state stands. */
  to: RefundState | null;
  instruct: RefundInstruction | null;
  money: RefundEffect | null;
  opens: RefundCaseKind | null;
}

type Some<T> = T | readonly T[];
const listed = <T extends string>(some: Some<T>): readonly T[] => (typeof some === 'string' ? [some] : some);

function move(
  from: Some<RefundState>,
  facts: Some<RefundFactName>,
  to: RefundState,
  extras: Partial<Pick<RefundRow, 'instruct' | 'money' | 'opens'>> = {},
): RefundRow {
  return {
    from: listed(from),
    facts: listed(facts),
    answer: 'move',
    to,
    instruct: null,
    money: null,
    opens: null,
    ...extras,
  };
}

function known(from: Some<RefundState> | null, facts: Some<RefundFactName>): RefundRow {
  const states = from === null ? null : listed(from);
  return { from: states, facts: listed(facts), answer: 'known', to: null, instruct: null, money: null, opens: null };
}

function conflict(from: Some<RefundState> | null, facts: Some<RefundFactName>): RefundRow {
  return { ...known(from, facts), answer: 'conflict', opens: 'refund_contradiction' };
}

/** The payer's network was told, and has not said yes. */
const ASKED = ['SENDING', 'SEND_UNKNOWN', 'IN_REVIEW'] as const;
const NOT_ASKED = ['REQUESTED', 'AWAITING_RATE', 'FUNDING', 'UNFUNDING', 'REFUSED'] as const;
/** It had its money, and waits for nothing of a network. */
const FUNDED = ['OWED', 'COMPLETED', 'PAID_BY_HAND', 'WITHDRAWN'] as const;
const GRANTED = ['funding_granted', 'funding_granted_by_hand', 'funding_granted_forbidden'] as const;
const CERTAIN_NO = ['send_declined', 'send_not_submitted'] as const;
const HALF_TRUTHS = ['send_pending', 'send_unknown', 'send_needs_person'] as const;

/**
 * The state table of a refund, the one place that decides what a fact does to it (design 3.2). A refund leaves only when
 * it is funded, and when at that moment nothing forbids it: else what was reserved is given back. What the network refuses
 * for good stays payable to the payer (OWED): only a proof that it arrived after all ends it, or two people, who send it to
 * another instrument or pay it themselves, or that the payer has got the money otherwise: then it is withdrawn. Every fact is answered in every state.
 */
export const REFUND_TABLE: readonly RefundRow[] = [
  move('REQUESTED', 'refund_requested', 'FUNDING', { instruct: 'fund' }),
  move('REQUESTED', 'refund_deferred', 'AWAITING_RATE'),
  move('AWAITING_RATE', 'rate_day_come', 'FUNDING', { instruct: 'fund' }),
  move('AWAITING_RATE', 'rate_day_forbidden', 'REFUSED'),
  move('FUNDING', 'funding_granted', 'SENDING', { instruct: 'send', money: 'refund_funded' }),
  move('FUNDING', 'funding_granted_by_hand', 'OWED', { money: 'refund_funded', opens: 'refund_owed' }),
  move('FUNDING', 'funding_granted_forbidden', 'UNFUNDING', { instruct: 'unfund' }),
  move('UNFUNDING', 'funding_released', 'REFUSED'),
  move('FUNDING', 'funding_refused', 'REFUSED'),

  move([...ASKED, 'OWED'], 'send_processed', 'COMPLETED', { money: 'refund_sent' }),
  move(ASKED, CERTAIN_NO, 'OWED', { opens: 'refund_owed' }),
  move('OWED', 'other_instrument_approved', 'SENDING', { instruct: 'send' }),
  move('OWED', 'paid_by_hand', 'PAID_BY_HAND', { money: 'refund_paid_by_hand' }),
  move('OWED', 'forbidden_for_good', 'WITHDRAWN', { money: 'refund_withdrawn' }),
  move('SENDING', 'send_unknown', 'SEND_UNKNOWN'),
  move(['SEND_UNKNOWN', 'IN_REVIEW'], 'send_pending', 'SENDING'),
  move(['SENDING', 'SEND_UNKNOWN'], 'send_needs_person', 'IN_REVIEW', { opens: 'refund_needs_person' }),
  move(['SENDING', 'SEND_UNKNOWN'], 'send_amount_conflict', 'IN_REVIEW', { opens: 'refund_amount_conflict' }),

  // A refusal after a grant, a grant after a refusal, an outcome of what was never asked, a no after the yes.
  // Paid by hand, or withdrawn, and by the network after all; paid by the network that had refused, and elsewhere, too.
  conflict(['REFUSED', 'AWAITING_RATE'], GRANTED),
  conflict([...ASKED, ...FUNDED, 'AWAITING_RATE'], ['funding_refused', 'funding_released']),
  conflict(['REQUESTED', 'FUNDING'], 'funding_released'),
  conflict(NOT_ASKED, ['send_processed', ...CERTAIN_NO, ...HALF_TRUTHS]),
  conflict(['PAID_BY_HAND', 'WITHDRAWN'], 'send_processed'),
  conflict('COMPLETED', CERTAIN_NO),
  conflict(null, ['send_amount_conflict', 'former_send_processed', 'send_contradicted']),
  known(null, [
    'refund_requested',
    'refund_deferred',
    'rate_day_come',
    'rate_day_forbidden',
    ...GRANTED,
    'funding_refused',
    'funding_released',
    'other_instrument_approved',
    'paid_by_hand',
    'forbidden_for_good',
    'send_processed',
    ...CERTAIN_NO,
    ...HALF_TRUTHS,
  ]),
];

/** The rows for a state and a fact, in the order in which they are asked. */
export function refundRowsFor(state: RefundState, fact: RefundFactName): readonly RefundRow[] {
  return REFUND_TABLE.filter((row) => row.facts.includes(fact) && (row.from === null || row.from.includes(state)));
}

/** The table's answer to a fact. Throws only where the table itself is broken, which its tests exclude. */
export function answerToRefund(state: RefundState, fact: RefundFactName): RefundRow {
  const [row] = refundRowsFor(state, fact);
  if (row === undefined) throw new Error(`the refund's table does not answer ${fact} in ${state}`);
  return row;
}
