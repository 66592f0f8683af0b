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

interface Behaviour {
  readonly weight: number;
  readonly card?: string;
  readonly alipay?: string;
}

/** One in ten is refused by a network, one in ten gets an answer that says nothing. */
const TO_CHINA: readonly Behaviour[] = [
  { weight: 80 },
  { weight: 5, card: 'insufficient_funds' },
  { weight: 5, alipay: 'closed' },
  { weight: 2, card: 'hold_timeout_executed' },
  { weight: 2, card: 'hold_error_executed' },
  { weight: 2, card: 'capture_error_executed' },
  { weight: 2, alipay: 'timeout_executed' },
  { weight: 2, alipay: 'dealing' },
];
const TO_THE_US: readonly Behaviour[] = [
  { weight: 80 },
  { weight: 5, alipay: '0051' },
  { weight: 5, card: 'payout_declined' },
  { weight: 2, alipay: '1001' },
  { weight: 2, alipay: '1003' },
  { weight: 2, alipay: '1005' },
  { weight: 2, card: 'payout_timeout_executed' },
  { weight: 2, card: 'payout_error_executed' },
];
const SMALLEST = 500;
const LARGEST = 50_000;

/** The orders of a run, both directions in turn. */
export function drawOrders(seed: number, count: number, partners: number): Order[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, (_, number) => {
    const direction = number % 2 === 0 ? 'us-to-china' : 'china-to-us';
    const behaviour = draw(direction === 'us-to-china' ? TO_CHINA : TO_THE_US, random);
    return {
      number,
      direction,
      partner: random.below(partners),
      amount: String(SMALLEST + random.below(LARGEST - SMALLEST)),
      card: behaviour.card ?? 'approve',
      alipay: behaviour.alipay ?? (direction === 'us-to-china' ? 'payee' : '0000'),
    };
  });
}

function draw(from: readonly Behaviour[], random: SeededRandom): Behaviour {
  let left = random.below(from.reduce((sum, { weight }) => sum + weight, 0));
  return from.find(({ weight }) => (left -= weight) < 0) ?? (from[0] as Behaviour);
}
