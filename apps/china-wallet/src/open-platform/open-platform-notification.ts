import { createPublicKey, verify, type KeyObject } from 'node:crypto';

/** A notification of the open platform: form fields as decoded once, in the order received, empty ones included. */
export type FormFields = ReadonlyMap<string, string>;

/** Real notifications have two or three dozen. Sorting thousands, for every rule once, would hold the event loop up. */
const MOST_FIELDS = 128;

/**
 * Reads a form body strictly: a field that comes twice, or bytes that are not UTF-8, make another signed text than the
 * one we would act on, so they are refused. So are more fields than any notification has, before they are looked at.
 */
export function readForm(rawBody: Buffer): FormFields | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
  } catch {
    return null;
  }
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name) || fields.size === MOST_FIELDS) return null;
    fields.set(name, value);
  }
  return fields;
}

/** In certificate mode the number of the certificate comes beside the signature and need not be signed; nothing reads it. */
const LEFT_OUT = [
  ['sign', 'sign_type'],
  ['sign'],
  ['sign', 'sign_type', 'alipay_cert_sn'],
  ['sign', 'alipay_cert_sn'],
] as const;

/**
 * Verifies notifications: RSA2 over `k=v` pairs sorted by key and joined by `&`, without `sign` and `sign_type`. Some
 * service notifications sign with `sign_type` kept, so both texts are tried (docs: asynchronous notification), each also
 * without the certificate's number. Empty fields are signed by the official Java and Node clients' rule and left out by the
 * PHP client's, so both are tried again; nobody may read an empty field as anything but absent.
 */
export class OpenPlatformNotifications {
  private readonly key: KeyObject;

  constructor(alipayPublicKeyPem: string) {
    this.key = createPublicKey(alipayPublicKeyPem);
  }

  accepts(fields: FormFields): boolean {
    const sign = fields.get('sign');
    // RSA (SHA-1) and anything else is a downgrade.
    if (sign === undefined || (fields.get('sign_type') ?? 'RSA2') !== 'RSA2') return false;
    // In another charset the signed bytes are others than those that we read.
    if ((fields.get('charset') ?? 'utf-8').toLowerCase() !== 'utf-8') return false;
    const given = [...fields];
    const filled = given.filter(([, value]) => value !== '');
    const rules = filled.length === given.length ? [given] : [given, filled];
    return rules.some((pairs) => LEFT_OUT.some((names) => this.verifies(textOf(pairs, names), sign)));
  }

  private verifies(text: string, sign: string): boolean {
    const bytes = Buffer.from(sign, 'base64');
    // Decoding is lenient; only the one canonical spelling of a signature is accepted.
    if (bytes.toString('base64') !== sign) return false;
    try {
      return verify('RSA-SHA256', Buffer.from(text, 'utf8'), this.key, bytes);
    } catch {
      return false;
    }
  }
}

function textOf(pairs: readonly (readonly [string, string])[], without: readonly string[]): string {
  return pairs
    .filter(([name]) => !without.includes(name))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}
