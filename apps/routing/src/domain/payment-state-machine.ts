import { holds, type Known } from './conditions';
import type { FactName } from './payment-fact';
import type { PaymentState } from './payment-state';
import { BEFORE_MONEY_ROWS } from './table/before-money';
import { CAPTURE_ROWS } from './table/capture';
import { CREDIT_ROWS, LATE_CREDIT_ROWS } from './table/credit';
import { OTHERWISE_ROWS } from './table/otherwise';
import type { TableRow } from './table/row';
import { SOURCE_REVIEW_ROWS, SOURCE_ROWS } from './table/source';
import { WAY_BACK_ROWS } from './table/way-back';

/**
 * The state table, the one place that decides what a fact does to a payment (design 3.2): *from, fact, when, to,
 * instructions, money effect*. It is data: the engine, the documentation page, the model check and the tests read it.
 * Of the rows for a state and a fact the first whose conditions hold is the answer; the last one has no conditions, so
 * that every fact is answered in every state.
 */
export const STATE_TABLE: readonly TableRow[] = [
  ...BEFORE_MONEY_ROWS,
  ...SOURCE_ROWS,
  ...SOURCE_REVIEW_ROWS,
  ...CREDIT_ROWS,
  ...CAPTURE_ROWS,
  ...WAY_BACK_ROWS,
  ...LATE_CREDIT_ROWS,
  ...OTHERWISE_ROWS,
];

const index = new Map<string, readonly TableRow[]>();

/** The rows for a state and a fact, in the order in which they are asked. */
export function rowsFor(state: PaymentState, fact: FactName): readonly TableRow[] {
  const key = `${state} ${fact}`;
  let rows = index.get(key);
  if (rows === undefined) {
    rows = STATE_TABLE.filter((row) => row.facts.includes(fact) && (row.from === null || row.from.includes(state)));
    index.set(key, rows);
  }
  return rows;
}

/** The table's answer to a fact. Throws only where the table itself is broken, which its tests exclude. */
export function answerTo(state: PaymentState, fact: FactName, known: Known): TableRow {
  const row = rowsFor(state, fact).find(({ when }) => holds(when, known));
  if (row === undefined) throw new Error(`the state table does not answer ${fact} in ${state}`);
  return row;
}
