/**
 * What became of one call to the acquirer.
 *
 * - `answered`: a 2xx answer, read and found to be of the expected shape.
 * - `refused`: an error answer with its HTTP status and the acquirer's error codes. What it proves depends on the call.
 * - `never_left`: no connection was made, so nothing was asked.
 * - `silent`: anything else: deadline passed, connection lost, unreadable answer. It may have been executed.
 */
export type AcquirerCall<T> =
  | { kind: 'answered'; answer: T }
  | { kind: 'refused'; status: number; codes: string[] }
  | { kind: 'never_left' }
  | { kind: 'silent'; code: string };

/** What the official client throws: an HTTP status with the body, or neither where no answer came. */
interface ClientError {
  name?: string;
  http_code?: number;
  body?: unknown;
}

/** The client keeps of a failed connection only its message; these two say that there was none. */
const NO_CONNECTION = /reason: (?:connect ECONNREFUSED|getaddrinfo (?:ENOTFOUND|EAI_AGAIN))/;
const ABORTED = Symbol('deadline passed');

/**
 * Makes one call within the deadline of `signal`. The official client cannot be aborted, so its promise is raced: an
 * answer that comes later is dropped, and its socket ends by the client's own time-out.
 */
export async function callAcquirer<T>(
  send: () => Promise<unknown>,
  read: (answer: unknown) => T | null,
  signal: AbortSignal,
): Promise<AcquirerCall<T>> {
  if (signal.aborted) return { kind: 'never_left' };
  try {
    const answer = await withinDeadline(send(), signal);
    if (answer === ABORTED) return { kind: 'silent', code: 'NO_ANSWER_IN_TIME' };
    const known = read(answer);
    return known === null ? { kind: 'silent', code: 'UNREADABLE_ANSWER' } : { kind: 'answered', answer: known };
  } catch (error) {
    return readError(error as ClientError);
  }
}

async function withinDeadline(answer: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  let stop = (): void => undefined;
  const deadline = new Promise<typeof ABORTED>((resolve) => {
    stop = () => resolve(ABORTED);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    // Both sides of a race are handled: a rejection after the deadline is no unhandled one.
    return await Promise.race([answer, deadline]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function readError(error: ClientError): AcquirerCall<never> {
  const { name, http_code: status, body } = error;
  if (name === 'ApiTimeout') return { kind: 'silent', code: 'NO_ANSWER_IN_TIME' };
  // The client checks a request before it sends it.
  if (name === 'ValueError') return { kind: 'never_left' };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { kind: 'refused', status, codes: errorCodes(body) };
  }
  if (typeof status === 'number' && status > 0) return { kind: 'silent', code: `HTTP_${status}` };
  return typeof body === 'string' && NO_CONNECTION.test(body)
    ? { kind: 'never_left' }
    : { kind: 'silent', code: 'NO_ANSWER' };
}

function errorCodes(body: unknown): string[] {
  const codes = (body as { error_codes?: unknown } | null)?.error_codes;
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : [];
}
