/**
 * Who bears a move of the rate between payment and refund, as the payment's quote says: R1 the gateway, for the original
 * rate holds; R2 and R3 the rate of the day of the refund, or of the day after it, holds; R4 each refund names the bearer.
 */
export const REFUND_RULES = ['R1', 'R2', 'R3', 'R4'] as const;
export type RefundRule = (typeof REFUND_RULES)[number];

/** Who can be named to bear the move under R4. */
export const REFUND_BEARERS = ['gateway', 'payer', 'payee'] as const;
export type RefundBearer = (typeof REFUND_BEARERS)[number];

/** The rule of one refund. */
export interface RefundTerms {
  readonly rule: RefundRule;
  /** Of R4 alone. */
  readonly bearer: RefundBearer | null;
}

/** Whether the refund moves its shares of the payment as they are; otherwise they are the most that it moves. */
export function movesItsShares({ rule, bearer }: RefundTerms): boolean {
  return rule === 'R1' || bearer === 'gateway';
}

/** The fixing that a day is known by is published at 09:15 in Beijing, which has no summer time. */
const FIXING_MS = (9 * 60 + 15) * 60_000;
const BEIJING_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** When the rate of the day after this instant is there: what a refund under R3 waits for. */
export function nextRateDay(now: Date): Date {
  const today = Math.floor((now.getTime() + BEIJING_MS) / DAY_MS);
  return new Date((today + 1) * DAY_MS - BEIJING_MS + FIXING_MS);
}
