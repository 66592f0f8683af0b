import { createHmac, timingSafeEqual } from 'node:crypto';

/** Headers of a Standard Webhooks delivery. */
export interface WebhookHeaders {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
}

const TOLERANCE_MS = 5 * 60_000;
const SECRET_PREFIX = 'whsec_';

/**
 * Checks a delivery (Standard Webhooks 1.0) over its raw body: null where it is good, else why not. Several signatures
 * may be listed while a secret is rotated; one good one is enough.
 */
export function problemWithDelivery(
  headers: WebhookHeaders,
  rawBody: string,
  secrets: readonly string[],
  nowMs: number,
): string | null {
  if (headers.id === '' || headers.id.includes('.')) return 'webhook-id is missing or has a point in it';
  if (!/^[0-9]{1,12}$/.test(headers.timestamp)) return 'webhook-timestamp is not in Unix seconds';
  if (Math.abs(nowMs - Number(headers.timestamp) * 1000) > TOLERANCE_MS) return 'webhook-timestamp is out of tolerance';
  const content = `${headers.id}.${headers.timestamp}.${rawBody}`;
  const offered = headers.signature.split(' ').filter((one) => one.startsWith('v1,'));
  const isGood = secrets.some((secret) =>
    offered.some((one) => isEqual(one.slice('v1,'.length), sign(content, secret))),
  );
  return isGood ? null : 'no signature is good';
}

function sign(content: string, secret: string): Buffer {
  const text = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
  return createHmac('sha256', Buffer.from(text, 'base64')).update(content, 'utf8').digest();
}

function isEqual(offered: string, expected: Buffer): boolean {
  const bytes = Buffer.from(offered, 'base64');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
