import { STATE_TABLE } from './payment-state-machine';
import { FINAL_STATES, OPEN_STATES, PAYMENT_STATES, type PaymentState } from './payment-state';
import { BEFORE_MONEY_ROWS } from './table/before-money';
import { CAPTURE_ROWS } from './table/capture';
import { CREDIT_ROWS, LATE_CREDIT_ROWS } from './table/credit';
import { OTHERWISE_ROWS } from './table/otherwise';
import type { TableRow } from './table/row';
import { SOURCE_REVIEW_ROWS, SOURCE_ROWS } from './table/source';
import { WAY_BACK_ROWS } from './table/way-back';

/** One line for each state, for people. */
const MEANS: Record<PaymentState, string> = {
  CREATED: 'accepted, nothing sent yet',
  SCREENING: 'screening and reservation are asked for, both at once',
  SCREENED: 'screening is clear, the reservation is awaited',
  RESERVED: 'the payout is reserved, screening is awaited',
  HELD: 'a person at compliance decides',
  AUTHORISING: 'the source was told to hold or to collect',
  AUTH_UNKNOWN: 'whether the source held or collected is not known',
  AUTHORISED: "the payer's money is certain; the credit waits for screening",
  CREDITING: 'the target was told to credit the payee',
  CREDIT_UNKNOWN: 'whether the payee was credited is not known: money stands still',
  CREDITED: 'the payee has the money',
  CAPTURING: 'the hold is being captured',
  CAPTURE_UNKNOWN: 'whether the hold was captured is not known',
  REVERSING: 'source and reservation are being undone',
  REVERSAL_UNKNOWN: 'whether the source is undone is not known',
  IN_REVIEW: 'a person has to find out',
  COMPLETED: 'credited, and captured where there was a hold',
  REJECTED: 'refused by screening or by the limits',
  DECLINED: "refused by the payer's network",
  EXPIRED: 'a term ran out before the credit',
  REVERSED: 'undone after a refused credit, or cancelled by the partner',
  BLOCKED: 'collected money of a listed person, held by law',
  CAPTURE_LOST: 'the payee was credited and the hold was finally refused or lapsed',
};

const PHASES: readonly (readonly [string, readonly TableRow[]])[] = [
  ['Before money', BEFORE_MONEY_ROWS],
  ['The source: hold or collect', [...SOURCE_ROWS, ...SOURCE_REVIEW_ROWS]],
  ['The credit', CREDIT_ROWS],
  ['The capture', CAPTURE_ROWS],
  ['The way back', WAY_BACK_ROWS],
  ['A credit that proves true, or false, late', LATE_CREDIT_ROWS],
  ['Everything else, in every state', OTHERWISE_ROWS],
];

/** The page docs/payment-states.md: the table as the code has it. A test fails when the page is stale. */
export function renderStates(): string {
  return [
    '# The states of a payment',
    'This page is generated from the state table of `apps/routing/src/domain` and is not written by hand: after a change of the table run `UPDATE_DOCS=1 npx jest --selectProjects unit -t "page of states"`.',
    'Of the rows for a state and a fact the first whose conditions hold answers. **move**: the payment changes, or notes the fact; **known**: it says nothing new; **conflict**: the state stands and a case is opened. After every fact the table is asked `proceed`: what follows from what is known now. The two undos are sent only where there is something to undo. Every fact has an answer in every state.',
    '## States',
    statesTable(),
    '## The moves',
    movesDiagram(),
    ...PHASES.flatMap(([title, rows]) => [`## ${title}`, rowsTable(rows)]),
    '',
  ].join('\n\n');
}

function statesTable(): string {
  const line = (state: PaymentState, kind: string): string => `| ${state} | ${kind} | ${MEANS[state]} |`;
  return [
    '| state | | means |',
    '| --- | --- | --- |',
    ...OPEN_STATES.map((state) => line(state, 'open')),
    ...FINAL_STATES.map((state) => line(state, 'final')),
  ].join('\n');
}

/** One arrow for each pair of states that some row connects; what moves it is in the tables. */
function movesDiagram(): string {
  const arrows = new Set(
    STATE_TABLE.flatMap(({ from, to }) =>
      to === null || from === null ? [] : from.filter((state) => state !== to).map((state) => `  ${state} --> ${to}`),
    ),
  );
  const ordered = PAYMENT_STATES.flatMap((state) => [...arrows].filter((arrow) => arrow.startsWith(`  ${state} `)));
  const ends = FINAL_STATES.map((state) => `  ${state} --> [*]`);
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> CREATED', ...ordered, ...ends, '```'].join('\n');
}

function rowsTable(rows: readonly TableRow[]): string {
  return [
    '| from | fact | when (all known before) | answer | to | instructions | money | cause | case |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(rowLine),
  ].join('\n');
}

function rowLine(row: TableRow): string {
  const cells = [
    row.from?.join(', ') ?? '*any*',
    row.facts.join(', '),
    row.when.join(', '),
    row.answer,
    row.to ?? '*stands*',
    row.instruct.join(', '),
    moneyOf(row),
    row.cause ?? '',
    row.opens ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function moneyOf({ money: { hold, collect } }: TableRow): string {
  if (hold.join() === collect.join()) return hold.join(', ');
  const parts = [
    ...(hold.length > 0 ? [`hold: ${hold.join(', ')}`] : []),
    ...(collect.length > 0 ? [`collect: ${collect.join(', ')}`] : []),
  ];
  return parts.join('; ');
}
