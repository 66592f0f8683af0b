import { problem } from './problems';

const HEADER = 'Idempotency-Key';
const LONGEST = 255;
/** Visible ASCII without quote and backslash: what a bare token and a Structured-Field string may both carry. */
const VISIBLE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * The key of a request: a Structured-Field string with quotes (draft-ietf-httpapi-idempotency-key-header-07) or the bare
 * token that most clients send; both name the same key.
 *
 * @throws Problem `IDEMPOTENCY_KEY_MISSING`, `IDEMPOTENCY_KEY_INVALID`
 */
export function readIdempotencyKey(header: string | string[] | undefined): string {
  if (header === undefined) throw problem('IDEMPOTENCY_KEY_MISSING', { param: HEADER });
  if (Array.isArray(header)) throw problem('IDEMPOTENCY_KEY_INVALID', { param: HEADER });
  const key = unquote(header);
  if (key.length === 0 || key.length > LONGEST || !VISIBLE.test(key)) {
    throw problem('IDEMPOTENCY_KEY_INVALID', { param: HEADER });
  }
  return key;
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
