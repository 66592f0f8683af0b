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

/** Text as JSON object; an empty object where it is none. */
export function parseObject(text: string): JsonObject {
  try {
    return objectIn(JSON.parse(text));
  } catch {
    return {};
  }
}
