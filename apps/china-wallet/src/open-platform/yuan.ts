/** `70615` fen to `706.15`, as the open platform writes amounts. */
export function yuanOfMinor(minor: string): string {
  const padded = minor.padStart(3, '0');
  return `${padded.slice(0, -2)}.${padded.slice(-2)}`;
}

const YUAN = /^(0|[1-9][0-9]{0,15})(?:\.([0-9]{1,2}))?$/;

/** `706.15`, `706.1` or `706` to fen; undefined for anything else. */
export function minorOfYuan(yuan: unknown): string | undefined {
  const parts = typeof yuan === 'string' ? YUAN.exec(yuan) : null;
  if (parts === null) return undefined;
  return BigInt(`${parts[1]}${(parts[2] ?? '').padEnd(2, '0')}`).toString();
}
