import { RETURN_FACTS, type ReturnFactName } from './return-fact';
import { ENDED_RETURN_STATES, OPEN_RETURN_STATES, RETURN_STATES, type ReturnState } from './return-state';
import { answerToReturn, RETURN_CASE_KINDS, RETURN_EFFECTS, RETURN_TABLE, returnRowsFor } from './return-table';

const targets = (state: ReturnState): ReturnState[] =>
  RETURN_FACTS.flatMap((fact) => answerToReturn(state, fact).to ?? []);

function reachedFrom(start: ReturnState): Set<ReturnState> {
  const reached = new Set<ReturnState>([start]);
  for (const state of reached) for (const next of targets(state)) reached.add(next);
  return reached;
}

describe('the state table of a returned credit', () => {
  it('reaches every state from FOUND, and names only what exists', () => {
    expect(RETURN_STATES.filter((state) => !reachedFrom('FOUND').has(state))).toEqual([]);
    for (const row of RETURN_TABLE) {
      expect(RETURN_STATES).toEqual(expect.arrayContaining([...(row.from ?? []), ...(row.to ? [row.to] : [])]));
      expect([...RETURN_EFFECTS, null]).toContain(row.money);
      expect([...RETURN_CASE_KINDS, null]).toContain(row.opens);
    }
  });

  it('has no dead end; a refund ends it unless it may not be sent, and a correction unless it comes back, too', () => {
    for (const start of OPEN_RETURN_STATES) {
      const ended = [...reachedFrom(start)].some((state) => (ENDED_RETURN_STATES as readonly string[]).includes(state));
      expect([start, ended]).toEqual([start, true]);
    }
    expect(targets('REFUNDED')).toEqual(['RETURNED', 'CORRECTION_FAILED']);
    expect(RETURN_FACTS.filter((fact) => answerToReturn('CORRECTED', fact).to !== null)).toEqual([
      'correction_returned',
    ]);
  });

  it('answers the whole product of states and facts, and has no row that never answers', () => {
    const cells = RETURN_STATES.flatMap((state) => RETURN_FACTS.map((fact) => [state, fact] as const));
    expect(cells.filter(([state, fact]) => returnRowsFor(state, fact).length === 0)).toEqual([]);
    const used = new Set(cells.map(([state, fact]) => answerToReturn(state, fact)));
    expect(RETURN_TABLE.filter((row) => !used.has(row))).toEqual([]);
  });

  it('opens a case for every conflict and whenever money comes back', () => {
    expect(RETURN_TABLE.filter((row) => row.answer === 'conflict' && row.opens === null)).toEqual([]);
    expect(RETURN_TABLE.filter((row) => row.money === 'credit_returned' && row.opens === null)).toEqual([]);
  });
});

/** What came in and went out of the payout obligation by one return, whoever says what and how often. */
describe('a returned credit, in every order of facts', () => {
  interface World {
    state: ReturnState;
    back: boolean;
    credits: number;
    /** In 2050: one for each return, less one for each second credit. */
    owed: number;
  }
  const worlds = new Map<string, World>();

  beforeAll(() => {
    const first: World = { state: 'FOUND', back: false, credits: 0, owed: 0 };
    worlds.set(JSON.stringify(first), first);
    for (const world of worlds.values()) {
      for (const fact of RETURN_FACTS) {
        const after = step(world, fact);
        if (after !== null) worlds.set(JSON.stringify(after), after);
      }
    }
  });

  /** Once a second credit has come back, its network has said yes before: a later yes is a repeat, which versions drop. */
  function step(world: World, fact: ReturnFactName): World | null {
    if (world.back && fact === 'correction_processed') return null;
    // The payee is corrected once: after a second credit the other fact says that the refund was refused.
    if (world.credits > 0 && fact === 'refund_refused') return null;
    const row = answerToReturn(world.state, fact);
    const money = row.money === null ? 0 : row.money === 'credit_returned' ? 1 : -1;
    return {
      state: row.to ?? world.state,
      back: world.back || (row.answer === 'move' && fact === 'correction_returned'),
      credits: world.credits + (row.credits ? 1 : 0),
      owed: world.owed + money,
    };
  }

  it('credits a second time at most once, and owes exactly one payout until it is corrected or refunded', () => {
    expect(Math.max(...[...worlds.values()].map(({ credits }) => credits))).toBe(1);
    const owed = (state: ReturnState): number[] =>
      [...new Set([...worlds.values()].filter((world) => world.state === state).map((world) => world.owed))].sort();
    expect(RETURN_STATES.map((state) => [state, owed(state)])).toEqual([
      ['FOUND', [0]],
      ['RETURNED', [1]],
      ['CORRECTING', [1]],
      ['CORRECTION_UNKNOWN', [1]],
      ['IN_REVIEW', [1]],
      ['CORRECTION_FAILED', [1]],
      ['CORRECTED', [0]],
      ['REFUNDED', [1]],
      ['KEPT', [0]],
    ]);
  });
});
