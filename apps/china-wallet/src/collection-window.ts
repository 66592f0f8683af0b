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
