/**
 * What a payout is checked against: the float at the network that pays, the exposure in the payout's currency, and what
 * the partner may owe; and what a refund is funded from, the balance that the partner has placed with us. Amounts in minor units of `currency`.
 */
export type LimitKind = 'float' | 'exposure' | 'net_debit' | 'partner_balance';

/** One limit as it stands under its row lock. A walk over a batch changes `reserved` and `used` in memory. */
export interface SpendingLimit {
  readonly id: bigint;
  readonly kind: LimitKind;
  readonly subject: string;
  readonly currency: string;
  /** What may be reserved and used together. */
  readonly ceiling: bigint;
  reserved: bigint;
  /** Spent and not yet made good: paid out of the float, or open in the position. Negative is a long position. */
  used: bigint;
}

/** A reason of the reservation contract. */
export type LimitRefusal = 'FLOAT_TOO_LOW' | 'EXPOSURE_LIMIT' | 'NET_DEBIT_CAP' | 'REFUND_NOT_FUNDED';

const REFUSAL: Readonly<Record<LimitKind, LimitRefusal>> = {
  float: 'FLOAT_TOO_LOW',
  exposure: 'EXPOSURE_LIMIT',
  net_debit: 'NET_DEBIT_CAP',
  partner_balance: 'REFUND_NOT_FUNDED',
};

/** Whether a spent reservation stays spent: the float and the balance are gone and the position is open; a promise is kept. */
const STAYS_USED: Readonly<Record<LimitKind, boolean>> = {
  float: true,
  exposure: true,
  net_debit: false,
  partner_balance: true,
};

/** Takes the amount from all the limits, or from none and says which was in the way. */
export function reserve(limits: readonly SpendingLimit[], amount: bigint): LimitRefusal | undefined {
  const full = limits.find((limit) => limit.used + limit.reserved + amount > limit.ceiling);
  if (full !== undefined) return REFUSAL[full.kind];
  for (const limit of limits) limit.reserved += amount;
  return undefined;
}

/** Gives a reservation back. */
export function release(limits: readonly SpendingLimit[], amount: bigint): void {
  for (const limit of limits) limit.reserved -= amount;
}

/**
 * Turns a reservation into spending when the credit is certain. `reserved` is what was set aside, zero for a payout that
 * nobody had reserved (a late success): what has happened is booked even over the limit.
 */
export function spend(limits: readonly SpendingLimit[], reserved: bigint, spent: bigint): void {
  for (const limit of limits) {
    limit.reserved -= reserved;
    if (STAYS_USED[limit.kind]) limit.used += spent;
  }
}

/** Lowers what is used: a position bought on the other side of a conversion, or a float that was topped up. */
export function makeGood(limit: SpendingLimit, amount: bigint): void {
  limit.used -= amount;
}
