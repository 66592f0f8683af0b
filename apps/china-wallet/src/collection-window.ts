import type { AmsAnswer } from './ams/ams-client';

const BEIJING_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
const CANCEL_UNTIL_MS = 15 * 60_000;

/**
 * Until when a collection can be cancelled: 00:15 Beijing time of the day after it was made (docs.antom.com, cancel).
 * China has had no summer time since 1991, so the offset is fixed.
 */
export function cancelDeadline(processedAt: Date): Date {
  const beijingDay = Math.floor((processedAt.getTime() + BEIJING_OFFSET_MS) / DAY_MS);
  return new Date((beijingDay + 1) * DAY_MS - BEIJING_OFFSET_MS + CANCEL_UNTIL_MS);
}

/** An instant with its zone; without one it could be any of a day's. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** When a payment was made by what its answer says, the earlier of making and paying; null where it does not say. */
export function madeAt({ paymentCreateTime, paymentTime }: AmsAnswer): Date | null {
  const said = paymentCreateTime ?? paymentTime;
  const at = typeof said === 'string' && INSTANT.test(said) ? new Date(said) : null;
  return at === null || Number.isNaN(at.getTime()) ? null : at;
}
