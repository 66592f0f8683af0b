import { isUtf8 } from 'node:buffer';

/** What is wrong with a body that JSON.parse accepted. */
export type JsonFault =
  'not_utf8' | 'too_deep' | 'duplicate_field' | 'not_an_object' | 'lone_surrogate' | 'byte_order_mark';

const DEEPEST = 16;
/** First byte of U+FEFF in UTF-8; the parser passes over the mark, and no JSON begins with this byte. */
const BYTE_ORDER_MARK = 0xef;
/** A string, and the colon after it where it is a field's name. Linear: each character is read once. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/gs;
/** The same, with where objects begin and end. */
const NAMES_AND_OBJECTS = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/gs;
const LONGEST_NAME = 120;
/** Half of a surrogate pair by escape, which JSON.parse lets through and no UTF-8 text can carry. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * What JSON.parse forgives and a payment must not: bytes that are no UTF-8 (it would replace them), a field given twice
 * (it would take the last one), depth without end, a body that is no object, half a character.
 */
export function faultOfJson(raw: Buffer, parsed: unknown): JsonFault | null {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'not_an_object';
  if (raw[0] === BYTE_ORDER_MARK) return 'byte_order_mark';
  if (!isUtf8(raw)) return 'not_utf8';
  const text = raw.toString('utf8');
  const fields = countFields(parsed, 1);
  if (fields === null) return 'too_deep';
  if (fields !== countNames(text)) return 'duplicate_field';
  return text.includes('\\u') && LONE_SURROGATE.test(collectText(parsed)) ? 'lone_surrogate' : null;
}

/** The first field that one object of the body has twice, for the body of which `faultOfJson` says that there is one. */
export function fieldGivenTwice(raw: Buffer): string {
  const objects: Set<string>[] = [];
  for (const [token, colon] of raw.toString('utf8').matchAll(NAMES_AND_OBJECTS)) {
    if (token === '{') objects.push(new Set());
    else if (token === '}') objects.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      const names = objects.at(-1);
      if (names?.has(name)) return name.slice(0, LONGEST_NAME);
      names?.add(name);
    }
  }
  return 'body';
}

/** How many field names the text has. JSON.parse has accepted the text, so every quote begins or ends a string. */
function countNames(text: string): number {
  let names = 0;
  for (const match of text.matchAll(STRINGS)) if (match[1] !== undefined) names += 1;
  return names;
}

/** How many fields the value has, or null where it is nested too deeply. */
function countFields(value: object, depth: number): number | null {
  if (depth > DEEPEST) return null;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const inner of Object.values(value) as unknown[]) {
    if (typeof inner !== 'object' || inner === null) continue;
    const below = countFields(inner, depth + 1);
    if (below === null) return null;
    count += below;
  }
  return count;
}

/** All names and texts, apart from each other, so that two halves in two fields do not make a whole. */
function collectText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).map(collectText)].join(' ');
}
