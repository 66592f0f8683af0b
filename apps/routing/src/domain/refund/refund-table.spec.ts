import { REFUND_FACTS, type RefundFactName } from './refund-fact';
import {
  FINAL_REFUND_STATES,
  isFinalRefund,
  OPEN_REFUND_STATES,
  REFUND_STATES,
  type RefundState,
} from './refund-state';
import { answerToRefund, REFUND_CASE_KINDS, REFUND_EFFECTS, REFUND_TABLE, refundRowsFor } from './refund-table';

const targets = (state: RefundState): RefundState[] =>
  REFUND_FACTS.flatMap((fact) => {
    const { to } = answerToRefund(state, fact);
    return to === null ? [] : [to];
  });

function reachedFrom(start: RefundState): Set<RefundState> {
  const reached = new Set<RefundState>([start]);
  for (const state of reached) for (const next of targets(state)) reached.add(next);
  return reached;
}

describe('the state table of a refund', () => {
  it('reaches every state from REQUESTED', () => {
    expect(REFUND_STATES.filter((state) => !reachedFrom('REQUESTED').has(state))).toEqual([]);
  });

  it('names only states, facts, effects and cases that exist', () => {
    for (const row of REFUND_TABLE) {
      expect(REFUND_STATES).toEqual(expect.arrayContaining([...(row.from ?? []), ...(row.to ? [row.to] : [])]));
      expect(REFUND_FACTS).toEqual(expect.arrayContaining([...row.facts]));
      expect([...REFUND_EFFECTS, null]).toContain(row.money);
      expect([...REFUND_CASE_KINDS, null]).toContain(row.opens);
    }
  });

  it('has no dead end: every state that is not final leads to a final one, and no fact leaves a final one', () => {
    for (const start of OPEN_REFUND_STATES)
      expect([start, [...reachedFrom(start)].some(isFinalRefund)]).toEqual([start, true]);
    for (const state of FINAL_REFUND_STATES) expect(targets(state).filter((to) => to !== state)).toEqual([]);
  });

  it('answers the whole product of states and facts', () => {
    const unanswered = REFUND_STATES.flatMap((state) =>
      REFUND_FACTS.filter((fact) => refundRowsFor(state, fact).length === 0).map((fact) => `${fact} in ${state}`),
    );
    expect(unanswered).toEqual([]);
  });

  it('has no row that never answers', () => {
    const used = new Set(REFUND_STATES.flatMap((state) => REFUND_FACTS.map((fact) => answerToRefund(state, fact))));
    expect(REFUND_TABLE.filter((row) => !used.has(row))).toEqual([]);
  });

  it('opens a case for every conflict, and for every refund that stays owed', () => {
    expect(REFUND_TABLE.filter((row) => row.answer === 'conflict' && row.opens === null)).toEqual([]);
    expect(REFUND_TABLE.filter((row) => row.to === 'OWED' && row.opens !== 'refund_owed')).toEqual([]);
  });
});

/** A refund with the money that its changes moved. */
interface World {
  state: RefundState;
  instructed: string;
  money: string;
}

/** People may try another instrument nine times; the model lets them try once, so that it is finite. */
const TWICE_SENT = 'send send';

describe('a refund, whatever its owners say and how often', () => {
  const worlds = new Map<string, World>();
  const keyOf = (world: World): string => `${world.state}|${world.instructed}|${world.money}`;

  beforeAll(() => {
    const first: World = { state: 'REQUESTED', instructed: '', money: '' };
    worlds.set(keyOf(first), first);
    for (const world of worlds.values()) {
      for (const fact of REFUND_FACTS) {
        if (fact === 'other_instrument_approved' && world.instructed.endsWith(TWICE_SENT)) continue;
        const after = step(world, fact);
        worlds.set(keyOf(after), after);
      }
    }
  });

  function step(world: World, fact: RefundFactName): World {
    const row = answerToRefund(world.state, fact);
    const add = (list: string, one: string | null): string => (one === null ? list : `${list} ${one}`.trim());
    return {
      state: row.to ?? world.state,
      instructed: add(world.instructed, row.instruct),
      money: add(world.money, row.money),
    };
  }

  it('asks for the money once and tells the network once, and once more where people say so, and only after the money was granted', () => {
    const orders = new Set([...worlds.values()].map(({ instructed, money }) => `${instructed}/${money}`));
    expect([...orders].sort()).toEqual([
      '/',
      'fund send send/refund_funded',
      'fund send send/refund_funded refund_paid_by_hand',
      'fund send send/refund_funded refund_sent',
      'fund send send/refund_funded refund_withdrawn',
      'fund send/refund_funded',
      'fund send/refund_funded refund_paid_by_hand',
      'fund send/refund_funded refund_sent',
      'fund send/refund_funded refund_withdrawn',
      'fund unfund/',
      'fund/',
      'fund/refund_funded',
      'fund/refund_funded refund_paid_by_hand',
      'fund/refund_funded refund_sent',
      'fund/refund_funded refund_withdrawn',
    ]);
  });

  it('ends with the money moved twice, there and back, or not at all, and keeps it payable where the network said no', () => {
    const money = (state: RefundState): string[] =>
      [...new Set([...worlds.values()].filter((world) => world.state === state).map((world) => world.money))].sort();
    expect(money('COMPLETED')).toEqual(['refund_funded refund_sent']);
    expect(money('PAID_BY_HAND')).toEqual(['refund_funded refund_paid_by_hand']);
    expect(money('REFUSED')).toEqual(['']);
    expect(money('WITHDRAWN')).toEqual(['refund_funded refund_withdrawn']);
    expect(money('OWED')).toEqual(['refund_funded']);
  });
});
