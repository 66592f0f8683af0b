import type { Funding, Standing } from './payment';

/** What a condition may look at: what was known of the payment when the fact came. */
export interface Known {
  funding: Funding;
  standing: Pick<Standing, 'parts' | 'cause' | 'takenBack' | 'nothingReleased'>;
  /** Whether less than the margin is left on the hold. */
  marginShort: boolean;
}

type Condition = (known: Known) => boolean;
const RESERVATION_CLOSED: readonly string[] = ['none', 'refused', 'released'];
const SOURCE_CLOSED: readonly string[] = ['none', 'refused', 'withdrawn', 'returned', 'taken_back'];

/** The names that the state table may put in its column *when*. */
export const CONDITIONS = {
  hold: ({ funding }) => funding === 'hold',
  collect: ({ funding }) => funding === 'collect',
  margin_short: ({ funding, marginShort }) => funding === 'hold' && marginShort,
  screened: ({ standing }) => standing.parts.screening === 'clear',
  hit: ({ standing }) => standing.parts.screening === 'hit',
  reservation_asked: ({ standing }) => standing.parts.reservation === 'asked',
  reserved: ({ standing }) => standing.parts.reservation === 'granted',
  reservation_released: ({ standing }) => standing.parts.reservation === 'released',
  reservation_spent: ({ standing }) => ['granted', 'consumed'].includes(standing.parts.reservation),
  reservation_closed: ({ standing }) => RESERVATION_CLOSED.includes(standing.parts.reservation),
  source_asked: ({ standing }) => standing.parts.source === 'asked',
  source_refused: ({ standing }) => standing.parts.source === 'refused',
  source_funded: ({ standing }) => standing.parts.source === 'funded',
  withdrawing: ({ standing }) => standing.parts.source === 'withdrawing',
  withdrawn: ({ standing }) => standing.parts.source === 'withdrawn',
  returning: ({ standing }) => standing.parts.source === 'returning',
  returned: ({ standing }) => standing.parts.source === 'returned',
  release_refused: ({ standing }) => standing.parts.source === 'returning' && standing.nothingReleased,
  taken_back: ({ standing }) => standing.parts.source === 'taken_back',
  all_taken_back: ({ standing }) => standing.takenBack?.whole === true,
  more_taken_back: ({ standing: { takenBack } }) =>
    takenBack !== undefined && !takenBack.whole && takenBack.told !== takenBack.booked,
  given_back_twice: ({ standing: { takenBack } }) => takenBack !== undefined && takenBack.booked !== takenBack.settled,
  source_closed: ({ standing }) => SOURCE_CLOSED.includes(standing.parts.source),
  credit_asked: ({ standing }) => standing.parts.credit === 'asked',
  credit_refused: ({ standing }) => standing.parts.credit === 'refused',
  credited: ({ standing }) => standing.parts.credit === 'processed',
  credited_late: ({ standing }) => standing.parts.credit === 'late',
  capture_asked: ({ standing }) => standing.parts.capture === 'asked',
  captured: ({ standing }) => standing.parts.capture === 'processed',
  capture_refused: ({ standing }) => standing.parts.capture === 'refused',
  cause_rejected: ({ standing }) => standing.cause === 'REJECTED',
  cause_declined: ({ standing }) => standing.cause === 'DECLINED',
  cause_expired: ({ standing }) => standing.cause === 'EXPIRED',
  cause_reversed: ({ standing }) => standing.cause === 'REVERSED',
  cause_canceled: ({ standing }) => standing.cause === 'CANCELED',
  cause_blocked: ({ standing }) => standing.cause === 'BLOCKED',
} as const satisfies Record<string, Condition>;

export type ConditionName = keyof typeof CONDITIONS;

export function holds(conditions: readonly ConditionName[], known: Known): boolean {
  return conditions.every((name) => CONDITIONS[name](known));
}
