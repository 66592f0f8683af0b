/** The SQLSTATE of a PostgreSQL error, or null where the error is none. */
export function sqlStateOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** Classes of SQLSTATE that speak of the database's condition, not of the data (design S5). */
const INFRASTRUCTURE_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);
const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
/** Messages of pg and its pool that carry no code when a connection goes away under a query. */
const CONNECTION_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Query read timeout/;

/** True where repeating the same work later can succeed because the database was away, full, locked or stopping. */
export function isInfrastructureError(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== null && INFRASTRUCTURE_CLASSES.has(state.slice(0, 2))) return true;
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  return CONNECTION_CODES.has(code ?? '') || CONNECTION_MESSAGES.test(message ?? '');
}
