/** JSON from the acquirer, read field by field: what is not of its shape reads as absent. */
export type Json = Record<string, unknown>;

/** All items, or nothing where one of them is not as it should be. */
export function allOrNone<T>(items: (T | null)[]): T[] | null {
  return items.every((item) => item !== null) ? items : null;
}

/** An object; anything else reads as one without fields. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** A non-empty text. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The acquirer writes amounts as JSON integers of minor units; they become digits before anybody computes with them. */
export function minorUnits(value: unknown): string | null {
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof digits === 'string' && /^(0|[1-9][0-9]{0,14})$/.test(digits) ? digits : null;
}

/** A point in time. */
export function instant(value: unknown): Date | null {
  const at = new Date(text(value) ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}
