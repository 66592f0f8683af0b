import { createHash } from 'node:crypto';
import type { IdSource, RandomSource } from '@gateway/platform';

/** An API key as a partner sends it, taken apart: `sk_test_<key id>_<secret>`. */
export interface PresentedKey {
  keyId: string;
  secret: string;
}

const SECRET_BYTES = 32;
/** The key id has no underscore but the one of its own prefix, so the first one after it begins the secret. */
const KEY_FORM = /^sk_test_((?:key_)?[0-9A-Za-z]{1,40})_([0-9A-Za-z_-]{22,128})$/;

/** Takes a key apart; null where it does not have the form of a key. */
export function parseApiKey(text: string): PresentedKey | null {
  const match = KEY_FORM.exec(text);
  return match === null ? null : { keyId: match[1]!, secret: match[2]! };
}

/** Makes a key with a secret of 256 random bits. Shown once; only its hash is stored. */
export function newApiKey(ids: IdSource, random: RandomSource): string {
  return `sk_test_${ids.next('key')}_${random.bytes(SECRET_BYTES).toString('base64url')}`;
}

/** SHA-256 is enough here: the secret has 256 random bits, so there is nothing to guess slowly. */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
