import type { CardScheme } from './acquirer/acquirer-answers';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The acquirer that this service speaks with, as the rules below name it. */
const ACQUIRER = 'checkout';

/** A capture is made at least this long before a hold ends: no credit is sent with less left on it (domain 5.3). */
export const CAPTURE_MARGIN_MS = DAY_MS;

/** How long something can be done with a card payment, since when that is so, and who says so. */
interface TimeRule {
  scheme: CardScheme;
  /** The acquirer's commitment; null: the scheme's own rule. */
  acquirer: string | null;
  /** First day on which payments fall under it. */
  from: string;
  hours: number;
}

const days = (count: number): number => count * 24;

/**
 * How long a hold of a customer-initiated online purchase can be captured, by scheme, acquirer and date (domain 5.3).
 * Visa's own rules of April 2026 allow ten days, acquirers commit to seven; a capture after either word is at our risk.
 */
export const HOLD_VALIDITY: readonly TimeRule[] = [
  { scheme: 'visa', acquirer: null, from: '2024-01-01', hours: days(7) },
  { scheme: 'visa', acquirer: null, from: '2026-04-01', hours: days(10) },
  { scheme: 'mastercard', acquirer: null, from: '2024-01-01', hours: days(7) },
  { scheme: 'amex', acquirer: null, from: '2024-01-01', hours: days(7) },
  { scheme: 'visa', acquirer: ACQUIRER, from: '2024-01-01', hours: days(7) },
  { scheme: 'mastercard', acquirer: ACQUIRER, from: '2024-01-01', hours: days(7) },
  { scheme: 'amex', acquirer: ACQUIRER, from: '2024-01-01', hours: days(7) },
];

/** How long an account funding can be reversed as if it had not been; after that it is refunded. Amex has none. */
export const REVERSAL_WINDOWS: readonly TimeRule[] = [
  { scheme: 'visa', acquirer: null, from: '2024-01-01', hours: 24 },
  { scheme: 'mastercard', acquirer: null, from: '2024-01-01', hours: 24 },
];

/** Until when a hold can be captured: by the scheme's rule, the acquirer's, or its own word, whichever ends first. */
export function holdExpiry(scheme: CardScheme, heldAt: Date, acquirersWord: Date | null): Date {
  const byRule = heldAt.getTime() + shortest(HOLD_VALIDITY, scheme, heldAt);
  return new Date(acquirersWord === null ? byRule : Math.min(byRule, acquirersWord.getTime()));
}

/** Until when an account funding is reversed. A scheme that nothing is known of has no such time. */
export function reversibleUntil(scheme: CardScheme | null, fundedAt: Date): Date {
  return new Date(fundedAt.getTime() + (scheme === null ? 0 : shortest(REVERSAL_WINDOWS, scheme, fundedAt)));
}

/** The latest rule of each of those who set one counts, and of these the shortest. */
function shortest(rules: readonly TimeRule[], scheme: CardScheme, at: Date): number {
  const day = at.toISOString().slice(0, 10);
  const lengths = [null, ACQUIRER].flatMap((acquirer) => {
    const rule = rules
      .filter((one) => one.scheme === scheme && one.acquirer === acquirer && one.from <= day)
      .sort((a, b) => (a.from < b.from ? -1 : 1))
      .at(-1);
    return rule === undefined ? [] : [rule.hours * HOUR_MS];
  });
  return lengths.length === 0 ? 0 : Math.min(...lengths);
}
