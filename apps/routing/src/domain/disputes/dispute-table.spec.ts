import { DISPUTE_FACTS, type DisputeFactName } from './dispute-fact';
import { DISPUTE_STATES, FINAL_DISPUTE_STATES, OPEN_DISPUTE_STATES, type DisputeState } from './dispute-state';
import { answerToDispute, DISPUTE_CASE_KINDS, DISPUTE_EFFECTS, DISPUTE_TABLE, disputeRowsFor } from './dispute-table';

const targets = (state: DisputeState): DisputeState[] =>
  DISPUTE_FACTS.flatMap((fact) => answerToDispute(state, fact).to ?? []);

function reachedFrom(start: DisputeState): Set<DisputeState> {
  const reached = new Set<DisputeState>([start]);
  for (const state of reached) for (const next of targets(state)) reached.add(next);
  return reached;
}

describe('the state table of a dispute', () => {
  it('reaches every state from FOUND, and names only what exists', () => {
    expect(DISPUTE_STATES.filter((state) => !reachedFrom('FOUND').has(state))).toEqual([]);
    for (const row of DISPUTE_TABLE) {
      expect(DISPUTE_STATES).toEqual(expect.arrayContaining([...(row.from ?? []), ...(row.to ? [row.to] : [])]));
      expect([...DISPUTE_EFFECTS, null]).toContain(row.money);
      expect([...DISPUTE_CASE_KINDS, null]).toContain(row.opens);
    }
  });

  it('has no dead end: every open dispute can be won and be lost, and then it is over', () => {
    for (const start of OPEN_DISPUTE_STATES) {
      expect([start, [...reachedFrom(start)]]).toEqual([start, expect.arrayContaining([...FINAL_DISPUTE_STATES])]);
    }
    expect(FINAL_DISPUTE_STATES.flatMap(targets)).toEqual([]);
  });

  it('answers the whole product of states and facts, and has no row that never answers', () => {
    const cells = DISPUTE_STATES.flatMap((state) => DISPUTE_FACTS.map((fact) => [state, fact] as const));
    expect(cells.filter(([state, fact]) => disputeRowsFor(state, fact).length === 0)).toEqual([]);
    const used = new Set(cells.map(([state, fact]) => answerToDispute(state, fact)));
    expect(DISPUTE_TABLE.filter((row) => !used.has(row))).toEqual([]);
  });

  it('opens a case for every conflict and for every dispute, and ends one by the network’s word alone', () => {
    expect(DISPUTE_TABLE.filter((row) => row.answer === 'conflict' && row.opens === null)).toEqual([]);
    expect(DISPUTE_TABLE.filter((row) => row.money === 'dispute_opened' && row.opens === null)).toEqual([]);
    const ending = DISPUTE_TABLE.filter(({ to }) => to === 'WON' || to === 'LOST');
    expect(ending.map(({ facts }) => facts)).toEqual([['won'], ['lost']]);
  });
});

/** What lies in the dispute receivable, whoever says what and how often. */
describe('a dispute, in every order of facts', () => {
  interface World {
    state: DisputeState;
    /** In 1300: what was taken, less what was given back or lost. */
    away: number;
    endings: number;
    /** Answers that the network was told and has not refused. */
    answers: number;
  }
  const worlds = new Map<string, World>();

  beforeAll(() => {
    const first: World = { state: 'FOUND', away: 0, endings: 0, answers: 0 };
    worlds.set(JSON.stringify(first), first);
    for (const world of worlds.values()) {
      for (const fact of DISPUTE_FACTS) {
        const after = step(world, fact);
        worlds.set(JSON.stringify(after), after);
      }
    }
  });

  function step(world: World, fact: DisputeFactName): World {
    const row = answerToDispute(world.state, fact);
    const money = row.money === null ? 0 : row.money === 'dispute_opened' ? 1 : -1;
    const refused = row.answer === 'move' && (fact === 'represent_refused' || fact === 'accept_refused');
    return {
      state: row.to ?? world.state,
      away: world.away + money,
      endings: world.endings + (row.money === 'dispute_won' || row.money === 'dispute_lost' ? 1 : 0),
      answers: world.answers + (row.instruct === null ? 0 : 1) - (refused ? 1 : 0),
    };
  }

  it('keeps the money in the dispute receivable from its first day to its one end, and answers once at a time', () => {
    const all = [...worlds.values()];
    expect(Math.max(...all.map(({ answers }) => answers))).toBe(1);
    expect(Math.max(...all.map(({ endings }) => endings))).toBe(1);
    const away = (state: DisputeState): number[] => [
      ...new Set(all.filter((world) => world.state === state).map((world) => world.away)),
    ];
    expect(DISPUTE_STATES.map((state) => [state, away(state)])).toEqual([
      ['FOUND', [0]],
      ['OPEN', [1]],
      ['REPRESENTING', [1]],
      ['REPRESENTED', [1]],
      ['ACCEPTING', [1]],
      ['ACCEPTED', [1]],
      ['IN_REVIEW', [1]],
      ['WON', [0]],
      ['LOST', [0]],
    ]);
  });
});
