/** A signed error, or an order or refund with the fields that every one has; null for anything else. */
export function parseAnswer(body: string): { error: { code: string } } | { state: string } | null {
  const parsed = parse(body);
  if (parsed === null) return null;
  const { error, state, qrpay_id: id, amount } = parsed as Record<string, unknown>;
  if (isObject(error)) return typeof error.code === 'string' ? { error: { code: error.code } } : null;
  const complete = typeof state === 'string' && typeof id === 'string' && isAmount(amount);
  return complete ? (parsed as { state: string }) : null;
}

/** What a verified notification names; null for what is not there, or is no text. */
export function readEvent(rawBody: Buffer): { event_id: string | null; order_id: string | null } {
  const { event_id: event, order_id: order } = (parse(rawBody.toString('utf8')) ?? {}) as Record<string, unknown>;
  const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  return { event_id: textOf(event), order_id: textOf(order) };
}

function parse(body: string): object | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isAmount(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { minor, currency } = value;
  return typeof minor === 'string' && /^[1-9][0-9]{0,14}$/.test(minor) && typeof currency === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
