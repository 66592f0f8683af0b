import type { PaymentData } from './payment-data';
import { TokenRefused } from './token-refusal';

/** ISO 4217 numbers of the currencies that this network pays in. */
const NUMERIC: Readonly<Record<string, string>> = { USD: '840' };
const FIELD = 'paymentData.data';
const HOUR_MS = 3_600_000;
/** A day has ended everywhere when it has ended twelve hours west of Greenwich. */
const LAST_ZONE_MS = 12 * HOUR_MS;

/** @throws TokenRefused APPLICATION_EXPIRED once the last day of validity is over everywhere. */
export function assertNotExpired({ expiry }: PaymentData, nowMs: number): void {
  const dayAfter = Date.UTC(expiry.year, expiry.month - 1, expiry.day + 1);
  if (nowMs >= dayAfter + LAST_ZONE_MS) throw new TokenRefused('APPLICATION_EXPIRED', FIELD);
}

/**
 * The payer confirmed an amount on the device; another one is not theirs to pay (Apple: step 6 of the verification).
 * @throws TokenRefused CURRENCY_MISMATCH, AMOUNT_MISMATCH
 */
export function assertConfirmed(data: PaymentData, payment: { amount: string; currency: string }): void {
  if (!Object.hasOwn(NUMERIC, payment.currency) || NUMERIC[payment.currency] !== data.currency)
    throw new TokenRefused('CURRENCY_MISMATCH', FIELD);
  if (data.amountMinor !== BigInt(payment.amount)) throw new TokenRefused('AMOUNT_MISMATCH', FIELD);
}
