/** Codes of connections that were refused, never found or never made. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
/** HTTP clients wrap what failed; official ones wrap it more than once. */
const DEEPEST_CAUSE = 4;

/** Whether the request of a failed call certainly did not leave: NOT_SUBMITTED, where anything else is UNKNOWN. */
export function neverLeft(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && typeof cause === 'object' && cause !== null; depth++) {
    const { code, cause: next } = cause as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && NEVER_LEFT.has(code)) return true;
    cause = next;
  }
  return false;
}
