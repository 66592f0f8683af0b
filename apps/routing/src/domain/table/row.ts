import type { ConditionName } from '../conditions';
import type { InstructionName } from '../parts';
import type { FactName } from '../payment-fact';
import type { Cause, PaymentState } from '../payment-state';

/** What a change means for the books; the names of payments.payment.events.v1, which says what each one books. */
export const MONEY_EFFECTS = [
  'hold_funded',
  'collection_funded',
  'credited',
  'captured',
  'hold_released',
  'return_started',
  'return_confirmed',
  'capture_lost',
  'late_credit',
  'blocked',
  'source_taken_back',
  'take_back_settled',
] as const;
export type MoneyEffect = (typeof MONEY_EFFECTS)[number];

/** Why a person has to look. */
export const CASE_KINDS = [
  'sanctions_hit',
  'screening_too_late',
  'reservation_contradiction',
  'source_contradiction',
  'late_source_success',
  'source_taken_back',
  'credit_contradiction',
  'late_credit',
  'capture_contradiction',
  'capture_refused',
  'capture_lost',
  'release_contradiction',
  'release_refused',
  'amount_conflict',
  'needs_person',
  'hold_margin',
  'notification_conflict',
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/**
 * How the table answers a fact. `move`: the payment changes (or notes the fact where `to` is its own state); `known`:
 * it says nothing new; `conflict`: it contradicts what is known, the state stands and a case is opened.
 */
export type AnswerKind = 'move' | 'known' | 'conflict';

/** One row of the state table. */
export interface TableRow {
  /** Null stands for every state; such rows come last. */
  from: readonly PaymentState[] | null;
  facts: readonly FactName[];
  /** Names of conditions that must all hold for what was known before the fact. The last row for a pair has none. */
  when: readonly ConditionName[];
  answer: AnswerKind;
  /** Null: the state stands. */
  to: PaymentState | null;
  instruct: readonly InstructionName[];
  /** For the books, by the kind of source. */
  money: { readonly hold: readonly MoneyEffect[]; readonly collect: readonly MoneyEffect[] };
  /** Kept unless an earlier fact gave one; BLOCKED outweighs the others. */
  cause: Cause | null;
  /** Opened along with the answer. */
  opens: CaseKind | null;
}

/** What a row may say beside from, facts and to. */
interface RowExtras {
  when?: ConditionName | readonly ConditionName[];
  instruct?: readonly InstructionName[];
  hold?: readonly MoneyEffect[];
  collect?: readonly MoneyEffect[];
  cause?: Cause;
  opens?: CaseKind;
}
type Some<T> = T | readonly T[];

const listed = <T extends string>(some: Some<T>): readonly T[] => (typeof some === 'string' ? [some] : some);

function row(
  answer: AnswerKind,
  from: Some<PaymentState> | null,
  facts: Some<FactName>,
  to: PaymentState | null,
  extras: RowExtras,
): TableRow {
  return {
    from: from === null ? null : listed(from),
    facts: listed(facts),
    when: listed(extras.when ?? []),
    answer,
    to,
    instruct: extras.instruct ?? [],
    money: { hold: extras.hold ?? [], collect: extras.collect ?? [] },
    cause: extras.cause ?? null,
    opens: extras.opens ?? null,
  };
}

/** The payment goes from one of the states to another. */
export function move(
  from: Some<PaymentState>,
  facts: Some<FactName>,
  to: PaymentState,
  extras: RowExtras = {},
): TableRow {
  return row('move', from, facts, to, extras);
}

/** The state stands, and the fact is noted with what it brings. */
export function note(from: Some<PaymentState> | null, facts: Some<FactName>, extras: RowExtras = {}): TableRow {
  return row('move', from, facts, null, extras);
}

/** Nothing new. */
export function known(from: Some<PaymentState> | null, facts: Some<FactName>, extras: RowExtras = {}): TableRow {
  return row('known', from, facts, null, extras);
}

/** The state stands, a case is opened. */
export function conflict(
  from: Some<PaymentState> | null,
  facts: Some<FactName>,
  opens: CaseKind,
  extras: RowExtras = {},
): TableRow {
  return row('conflict', from, facts, null, { ...extras, opens });
}
