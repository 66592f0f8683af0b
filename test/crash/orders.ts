import type { Surroundings } from './behaviours';
import { SeededRandom } from './seeded-random';

export type Direction = 'us-to-china' | 'china-to-us';

/** What one payment is to be: drawn from the seed before it is made, so that a run can be repeated. */
export interface Order {
  readonly number: number;
  readonly direction: Direction;
  readonly partner: number;
  /** Minor units of the fixed side, which is USD in both directions. */
  readonly amount: string;
  /** How the card behaves at its acquirer; a name that the simulator knows. */
  readonly card: string;
  /** The Alipay payee's identity, or four digits of the payer's code, that the simulator knows. */
  readonly alipay: string;
}

const SMALLEST = 500;
const LARGEST = 50_000;

/** The orders of a run, both directions in turn, and what they meet outside. */
export function drawOrders(seed: number, count: number, partners: number, surroundings: Surroundings): Order[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, (_, number) => {
    const direction = number % 2 === 0 ? 'us-to-china' : 'china-to-us';
    const behaviour = direction === 'us-to-china' ? surroundings.toChina(random) : surroundings.toTheUs(random);
    return {
      number,
      direction,
      partner: random.below(partners),
      amount: String(SMALLEST + random.below(LARGEST - SMALLEST)),
      ...behaviour,
    };
  });
}
