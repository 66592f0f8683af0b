import { keyOf, type World } from '../../testing/model-world';
import { firstWorld, isQuiet, steps } from '../../testing/payment-model';
import type { Environment } from '../../testing/model-environment';
import type { Funding } from './payment';
import { isFinal } from './payment-state';

/** The whole graph of one search, worlds by number. */
interface Search {
  ends: boolean[];
  next: number[][];
  broken: string[];
  unsettled: string[];
}

/** Every world that can come about, breadth first, with the way to the first broken promises. */
function search(funding: Funding, budget: Environment['budget']): Search {
  const first = firstWorld(funding, budget);
  const numbers = new Map([[keyOf(first), 0]]);
  const ways: { from: number; by: string }[] = [{ from: -1, by: 'start' }];
  const found: Search = { ends: [], next: [], broken: [], unsettled: [] };
  const wayTo = (number: number): string => {
    const { from, by } = ways[number]!;
    return from < 0 ? by : `${wayTo(from)} > ${by}`;
  };
  let frontier = [{ number: 0, world: first }];
  while (frontier.length > 0) {
    const beyond: typeof frontier = [];
    for (const { number, world } of frontier) {
      found.ends[number] = isFinal(world.state);
      if (isUnsettled(world, funding)) found.unsettled.push(wayTo(number));
      found.next[number] = steps(world, funding).map((step) => {
        const key = keyOf(step.world);
        const known = numbers.get(key);
        const reached = known ?? numbers.size;
        if (step.broken.length > 0) found.broken.push(`${step.broken.join(', ')}: ${wayTo(number)} > ${step.name}`);
        if (known === undefined) {
          numbers.set(key, reached);
          ways.push({ from: number, by: step.name });
          beyond.push({ number: reached, world: step.world });
        }
        return reached;
      });
    }
    frontier = beyond;
  }
  return found;
}

/** How many worlds no final state can be reached from, whatever happens. */
function stuck({ ends, next }: Search): number {
  const before: number[][] = ends.map(() => []);
  next.forEach((reached, number) => reached.forEach((one) => before[one]?.push(number)));
  const ending = new Set(ends.flatMap((end, number) => (end ? [number] : [])));
  for (const number of ending) for (const earlier of before[number] ?? []) ending.add(earlier);
  return ends.length - ending.size;
}

/** The widest search takes about ten seconds of one core. */
const SEARCH_MS = 180_000;
const FUNDED = ['hold_funded', 'collection_funded'] as const;
const SETTLED = {
  hold: ['captured', 'capture_lost', 'hold_released'],
  collect: ['credited', 'return_confirmed', 'blocked', 'take_back_settled'],
} as const;

/** All is quiet, the payment is final, and its source's money is not settled exactly once. */
function isUnsettled(world: World, funding: Funding): boolean {
  if (!isFinal(world.state) || !isQuiet(world, funding)) return false;
  const funded = world.effects.some((effect) => (FUNDED as readonly string[]).includes(effect));
  const settled = SETTLED[funding].filter((effect) => world.effects.includes(effect)).length;
  return settled !== (funded ? 1 : 0);
}

const BUDGETS: [string, Environment['budget']][] = [
  ['pending, unknown or waiting for a person', { soft: 2, contradiction: 0, reviews: 0 }],
  ['looked at again after it was clear', { soft: 0, contradiction: 0, reviews: 2 }],
  ['contradicted by its own owner later', { soft: 0, contradiction: 2, reviews: 0 }],
  ['any of these', { soft: 1, contradiction: 1, reviews: 1 }],
];

describe.each(['hold', 'collect'] as const)('a payment whose source is a %s', (funding) => {
  describe.each(BUDGETS)('with outcomes that are %s', (_name, budget) => {
    let found: Search;
    beforeAll(() => {
      found = search(funding, budget);
    }, SEARCH_MS);

    it('is searched whole', () => {
      expect(found.next.length).toBeGreaterThan(500);
    });

    it('breaks no promise: no capture without credit, no second credit, nothing open at the end, money in order', () => {
      expect(found.broken.slice(0, 3)).toEqual([]);
    });

    it('has a way to a final state from everywhere', () => {
      expect(stuck(found)).toBe(0);
    });

    it('ends with a funded source settled exactly once, when all is quiet', () => {
      expect(found.unsettled.slice(0, 3)).toEqual([]);
    });
  });
});
