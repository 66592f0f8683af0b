/** The most that one payment may move, per currency, from a day on. A newer row replaces an older one. */
export interface PaymentLimit {
  currency: string;
  maximumMinor: bigint;
  /** ISO day in UTC. */
  from: string;
  source: string;
}

/** House limits until the jurisdictional ones are loaded; each has its date and its source. */
export const PAYMENT_LIMITS: readonly PaymentLimit[] = [
  { currency: 'USD', maximumMinor: 500_000n, from: '2026-01-01', source: 'house rule' },
  { currency: 'CNY', maximumMinor: 3_500_000n, from: '2026-01-01', source: 'house rule' },
];

/** The limit in force on a day, or null where the currency has none: such a payment is not for us. */
export function limitFor(
  currency: string,
  day: string,
  limits: readonly PaymentLimit[] = PAYMENT_LIMITS,
): PaymentLimit | null {
  const inForce = limits.filter((limit) => limit.currency === currency && limit.from <= day);
  return inForce.reduce<PaymentLimit | null>((best, next) => (best && best.from > next.from ? best : next), null);
}
