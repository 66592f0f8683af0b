import type { SeededRandom } from './seeded-random';

/** How the two networks behave towards one payment: names that the simulator knows. */
export interface Behaviour {
  /** The card at its acquirer. */
  readonly card: string;
  /** The Alipay payee's identity, or four digits of the payer's code. */
  readonly alipay: string;
}

/** The outside world of a run: what each payment meets, by direction. */
export interface Surroundings {
  toChina(random: SeededRandom): Behaviour;
  toTheUs(random: SeededRandom): Behaviour;
}

interface Weighted extends Partial<Behaviour> {
  readonly weight: number;
}

const GOOD_CARD = 'approve';
const GOOD_PAYEE = 'payee';
const GOOD_CODE = '0000';

/** One in ten is refused by a network, one in ten gets an answer that says nothing. */
const TO_CHINA: readonly Weighted[] = [
  { weight: 80 },
  { weight: 5, card: 'insufficient_funds' },
  { weight: 5, alipay: 'closed' },
  { weight: 2, card: 'hold_timeout_executed' },
  { weight: 2, card: 'hold_error_executed' },
  { weight: 2, card: 'capture_error_executed' },
  { weight: 2, alipay: 'timeout_executed' },
  { weight: 2, alipay: 'dealing' },
];
const TO_THE_US: readonly Weighted[] = [
  { weight: 80 },
  { weight: 5, alipay: '0051' },
  { weight: 5, card: 'payout_declined' },
  { weight: 2, alipay: '1001' },
  { weight: 2, alipay: '1003' },
  { weight: 2, alipay: '1005' },
  { weight: 2, card: 'payout_timeout_executed' },
  { weight: 2, card: 'payout_error_executed' },
];

/** Networks that work, mostly: under kills it is we who fail. */
export const CALM: Surroundings = {
  toChina: (random) => ({ card: GOOD_CARD, alipay: GOOD_PAYEE, ...draw(TO_CHINA, random) }),
  toTheUs: (random) => ({ card: GOOD_CARD, alipay: GOOD_CODE, ...draw(TO_THE_US, random) }),
};

const PAYING_CARDS = [
  'do_not_honour',
  'insufficient_funds',
  'suspected_fraud',
  'issuer_unavailable',
  'partial_approval',
  'hold_timeout_executed',
  'hold_timeout_not_executed',
  'hold_error_executed',
  'hold_connection_closed',
  'hold_pending',
  'hold_executed_later',
  'hold_taken_back',
  'hold_contradicted',
  'capture_declined',
  'capture_timeout_executed',
  'capture_timeout_not_executed',
  'capture_error_executed',
  'capture_taken_back',
  'capture_contradicted',
  'void_timeout_executed',
  'void_timeout_not_executed',
  'notify_never',
  'notify_twice',
];
const PAID_CARDS = [
  'payout_declined',
  'payout_timeout_executed',
  'payout_timeout_not_executed',
  'payout_pending',
  'payout_error_executed',
  'payout_executed_later',
  'payout_taken_back',
  'payout_contradicted',
];
const PAYEES = [
  'closed',
  'unknown_account',
  'limit',
  'wrong_name',
  'timeout_executed',
  'timeout_not_executed',
  'error_executed',
  'connection_closed',
  'system_error',
  'dealing',
  'dealing_then_fail',
  'executed_later',
  'taken_back',
  'contradicted',
];
/** Declined, expired, refused for risk; silence, errors, lost answers, pending, unknown, executed later, taken back, contradicted. */
const CODES = ['0051', '0054', '0059', '1001', '1002', '1003', '1004', '1005', '1006', '1007', '1008', '1009', '1010'];

/** Both networks misbehave in every way they know, each towards every second payment and apart from each other. */
export const WILD: Surroundings = {
  toChina: (random) => ({
    card: sometimes(PAYING_CARDS, GOOD_CARD, random),
    alipay: sometimes(PAYEES, GOOD_PAYEE, random),
  }),
  toTheUs: (random) => ({
    card: sometimes(PAID_CARDS, GOOD_CARD, random),
    alipay: sometimes(CODES, GOOD_CODE, random),
  }),
};

function sometimes(bad: readonly string[], good: string, random: SeededRandom): string {
  return random.below(2) === 0 ? good : random.pick(bad);
}

function draw(from: readonly Weighted[], random: SeededRandom): Partial<Behaviour> {
  let left = random.below(from.reduce((sum, { weight }) => sum + weight, 0));
  const { card, alipay } = from.find(({ weight }) => (left -= weight) < 0) ?? {};
  return { ...(card !== undefined && { card }), ...(alipay !== undefined && { alipay }) };
}
