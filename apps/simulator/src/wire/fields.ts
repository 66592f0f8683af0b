/** Reading of untrusted JSON: a wrong shape reads as absent, and the caller refuses what is absent. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectIn(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value at a dotted path, or undefined. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('.')) {
    const holder = objectIn(found);
    found = Object.hasOwn(holder, key) ? holder[key] : undefined;
  }
  return found;
}

/** A non-empty text at a dotted path, or undefined. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function objectAt(value: unknown, path: string): JsonObject {
  return objectIn(at(value, path));
}

/** Positive minor units from digits (`"1250"`) or from a JSON integer (`1250`); anything else is undefined. */
export function minorUnitsAt(value: unknown, path: string): bigint | undefined {
  const found = at(value, path);
  const digits = typeof found === 'number' && Number.isSafeInteger(found) ? String(found) : found;
  return typeof digits === 'string' && /^[1-9][0-9]{0,14}$/.test(digits) ? BigInt(digits) : undefined;
}

/** Like `minorUnitsAt`, of a JSON integer alone: an API that writes amounts as numbers takes no digits for one. */
export function integerAmountAt(value: unknown, path: string): bigint | undefined {
  return typeof at(value, path) === 'number' ? minorUnitsAt(value, path) : undefined;
}

const NUL = '\u0000';

/** Whether a text anywhere inside, or a name, has a null character: no store keeps one, and nobody's id has one. */
export function hasNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(NUL);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name.includes(NUL) || hasNul(inner));
}

/** A page of a list as a query asks for it; undefined where a number is none, or below what there is. */
export function pageIn(query: JsonObject, limits: { usual: number; most: number }): Page | undefined {
  const [limit, skip] = [countIn(query, 'limit', limits.usual), countIn(query, 'skip', 0)];
  return limit > 0 && skip >= 0 ? { limit: Math.min(limit, limits.most), skip } : undefined;
}

export interface Page {
  readonly limit: number;
  readonly skip: number;
}

const COUNT = /^[0-9]{1,9}$/;

/** Digits, or the usual where there is nothing; -1 for anything else. */
function countIn(query: JsonObject, name: string, usual: number): number {
  const given = query[name] ?? usual.toString();
  return typeof given === 'string' && COUNT.test(given) ? Number(given) : -1;
}

/** Text as JSON object; an empty object where it is none. */
export function parseObject(text: string): JsonObject {
  try {
    return objectIn(JSON.parse(text));
  } catch {
    return {};
  }
}
