const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** `2020-03-15T20:06:02+08:00`, as the cross-border API writes times. */
export function isoInChina(at: Date): string {
  return `${new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

/** `2020-03-15 20:06:02` in China, as the open platform writes times. */
export function plainInChina(at: Date): string {
  return isoInChina(at).slice(0, 19).replace('T', ' ');
}

/** `20200315`, the beginning of the networks' own numbers. */
export function dayInChina(at: Date): string {
  return isoInChina(at).slice(0, 10).replaceAll('-', '');
}

/** The given minutes after midnight of the next day in China. */
export function nextDayInChina(at: Date, minutes: number): Date {
  const dayStart = Math.floor((at.getTime() + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
  return new Date(dayStart + DAY_MS + minutes * 60_000);
}
