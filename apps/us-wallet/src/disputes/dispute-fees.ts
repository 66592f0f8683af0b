import type { AmountOnWire } from '@gateway/contracts/contract';
import type { CardScheme } from '../acquirer/acquirer-answers';

/** What the acquirer charges for a dispute that it received from a day on, by its contract; every scheme the same today. */
interface DisputeFee {
  readonly schemes: readonly CardScheme[];
  /** ISO date, UTC. */
  readonly from: string;
  readonly fee: AmountOnWire;
}

const FEES: readonly DisputeFee[] = [
  { schemes: ['visa', 'mastercard', 'amex'], from: '2020-01-01', fee: { amount: '1500', currency: 'USD' } },
];

/** The fee of a dispute, or undefined where the contract has none. */
export function disputeFee(scheme: string, receivedAt: Date): AmountOnWire | undefined {
  const day = receivedAt.toISOString().slice(0, 10);
  const rows = FEES.filter(({ schemes, from }) => (schemes as readonly string[]).includes(scheme) && from <= day);
  return rows.at(-1)?.fee;
}
