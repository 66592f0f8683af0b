import type { CardScheme } from './acquirer/acquirer-answers';

const DAY_MS = 86_400_000;

interface ValidityRule {
  scheme: CardScheme;
  /** First day on which holds get this validity. */
  from: string;
  days: number;
}

/**
 * How long a hold of a customer-initiated online purchase can be captured, by scheme and date (domain 5.3). Visa's own
 * rules of April 2026 allow ten days; acquirers commit to seven, and a capture after their word is at our risk.
 */
const RULES: readonly ValidityRule[] = [
  { scheme: 'visa', from: '2024-01-01', days: 7 },
  { scheme: 'mastercard', from: '2024-01-01', days: 7 },
  { scheme: 'amex', from: '2024-01-01', days: 7 },
];

/** Until when a hold can be captured: by the scheme's rule or by the acquirer's own word, whichever ends first. */
export function holdExpiry(scheme: CardScheme, heldAt: Date, acquirersWord: Date | null): Date {
  const day = heldAt.toISOString().slice(0, 10);
  const rule = RULES.filter((one) => one.scheme === scheme && one.from <= day).at(-1);
  const byRule = heldAt.getTime() + (rule?.days ?? 0) * DAY_MS;
  return new Date(acquirersWord === null ? byRule : Math.min(byRule, acquirersWord.getTime()));
}
