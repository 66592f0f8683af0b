import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { RandomSource } from './identity';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals secrets at rest (AES-256-GCM, random 96-bit IV) under the service's key, and makes blind indexes (HMAC-SHA256)
 * that let equal values be found without opening them. `about` binds a sealed value to its row: moved to another row,
 * it no longer opens.
 */
export class Sealer {
  private readonly sealKey: Buffer;
  private readonly indexKey: Buffer;

  /** @param keyBase64 32 random bytes, base64 (`SEAL_KEY`). */
  constructor(
    keyBase64: string,
    private readonly random: RandomSource,
  ) {
    const key = Buffer.from(keyBase64, 'base64');
    if (key.length !== KEY_BYTES) throw new Error(`SEAL_KEY is not ${KEY_BYTES} bytes in base64.`);
    this.sealKey = Buffer.from(hkdfSync('sha256', key, '', 'seal', KEY_BYTES));
    this.indexKey = Buffer.from(hkdfSync('sha256', key, '', 'blind index', KEY_BYTES));
  }

  seal(plain: string, about: string): Buffer {
    const iv = this.random.bytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.sealKey, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  }

  /** @throws where the value was altered, was sealed under another key, or belongs to another row. */
  open(sealed: Buffer, about: string): string {
    const iv = sealed.subarray(0, IV_BYTES);
    const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, this.sealKey, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(about)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  }

  blindIndex(value: string): string {
    return createHmac('sha256', this.indexKey).update(value, 'utf8').digest('base64url');
  }
}
