import { CONDITIONS } from './conditions';
import { FACTS } from './payment-fact';
import { rowsFor, STATE_TABLE } from './payment-state-machine';
import { CAUSES, FINAL_STATES, isFinal, OPEN_STATES, PAYMENT_STATES, type PaymentState } from './payment-state';
import { MONEY_EFFECTS } from './table/row';

const targets = (state: PaymentState): PaymentState[] =>
  FACTS.flatMap((fact) => rowsFor(state, fact).flatMap((row) => (row.to === null ? [] : [row.to])));

describe('the state table', () => {
  it('reaches every state from CREATED', () => {
    const reached = new Set<PaymentState>(['CREATED']);
    for (const state of reached) for (const next of targets(state)) reached.add(next);
    expect([...PAYMENT_STATES].filter((state) => !reached.has(state))).toEqual([]);
  });

  it('names only states, facts, conditions, causes and money effects that exist', () => {
    for (const row of STATE_TABLE) {
      expect(PAYMENT_STATES).toEqual(expect.arrayContaining([...(row.from ?? []), ...(row.to ? [row.to] : [])]));
      expect(FACTS).toEqual(expect.arrayContaining([...row.facts]));
      expect(Object.keys(CONDITIONS)).toEqual(expect.arrayContaining([...row.when]));
      expect(MONEY_EFFECTS).toEqual(expect.arrayContaining([...row.money.hold, ...row.money.collect]));
      expect([...CAUSES, null]).toContain(row.cause);
    }
  });

  it('has no dead end: every state that is not final leads to another one, and finally to a final one', () => {
    for (const start of OPEN_STATES) {
      const reached = new Set<PaymentState>([start]);
      for (const state of reached) for (const next of targets(state)) reached.add(next);
      expect([start, [...reached].some(isFinal)]).toEqual([start, true]);
    }
  });

  it('lets no fact leave a final state', () => {
    for (const state of FINAL_STATES) expect([state, targets(state).filter((to) => to !== state)]).toEqual([state, []]);
  });

  it('answers the whole product of states and facts: the last row for each pair has no conditions', () => {
    const unanswered = PAYMENT_STATES.flatMap((state) =>
      FACTS.filter((fact) => rowsFor(state, fact).at(-1)?.when.length !== 0).map((fact) => `${fact} in ${state}`),
    );
    expect(unanswered).toEqual([]);
  });

  it('has no row that can never answer because an earlier one has no conditions', () => {
    const used = new Set(
      PAYMENT_STATES.flatMap((state) =>
        FACTS.flatMap((fact) => {
          const rows = rowsFor(state, fact);
          return rows.slice(0, rows.findIndex((row) => row.when.length === 0) + 1);
        }),
      ),
    );
    expect(STATE_TABLE.filter((row) => !used.has(row))).toEqual([]);
  });

  it('enters a final state only by `proceed` or by proof of the last step', () => {
    const entering = STATE_TABLE.filter((row) => row.to !== null && isFinal(row.to));
    const facts = new Set(entering.flatMap((row) => row.facts));
    expect([...facts].sort()).toEqual(['capture_declined', 'capture_processed', 'proceed']);
  });

  it('opens a case for every conflict', () => {
    expect(STATE_TABLE.filter((row) => row.answer === 'conflict' && row.opens === null)).toEqual([]);
  });

  it('lets nothing but a processed credit lead to CREDITED', () => {
    const rows = STATE_TABLE.filter((row) => row.to === 'CREDITED');
    expect(new Set(rows.flatMap((row) => row.facts))).toEqual(new Set(['credit_processed']));
  });
});
