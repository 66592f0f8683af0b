import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from 'node:crypto';
import { merchantIdHash } from './apple-authority';

const TAG_BYTES = 16;
/** The wallet maker's initialisation vector is 16 zero bytes; every token has its own key. */
const INITIALISATION_VECTOR = Buffer.alloc(16);

/**
 * The token's key (NIST SP 800-56A concatenation KDF, one round, SHA-256): counter, shared secret, algorithm id with
 * its length, PartyU "Apple", PartyV the hash of the merchant identifier.
 */
function tokenKey(sharedSecret: Buffer, merchantIdentifier: string): Buffer {
  return createHash('sha256')
    .update(Buffer.from([0, 0, 0, 1]))
    .update(sharedSecret)
    .update(Buffer.from('\x0did-aes256-GCMApple', 'ascii'))
    .update(merchantIdHash(merchantIdentifier))
    .digest();
}

/** EC_v1: encrypts for a merchant's public key with an ephemeral private key; ciphertext and tag. */
export function encryptForMerchant(
  plaintext: Buffer,
  ephemeral: KeyObject,
  merchantKey: KeyObject,
  merchantIdentifier: string,
): Buffer {
  const shared = diffieHellman({ privateKey: ephemeral, publicKey: createPublicKey(merchantKey) });
  const cipher = createCipheriv('aes-256-gcm', tokenKey(shared, merchantIdentifier), INITIALISATION_VECTOR, {
    authTagLength: TAG_BYTES,
  });
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** EC_v1: decrypts with the merchant's private key. @throws where the key is another one or the data was changed. */
export function decryptAsMerchant(
  data: Buffer,
  ephemeralPublicKey: Buffer,
  merchantKey: KeyObject,
  merchantIdentifier: string,
): Buffer {
  const publicKey = createPublicKey({ key: ephemeralPublicKey, format: 'der', type: 'spki' });
  const shared = diffieHellman({ privateKey: merchantKey, publicKey });
  const decipher = createDecipheriv('aes-256-gcm', tokenKey(shared, merchantIdentifier), INITIALISATION_VECTOR, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
  return Buffer.concat([decipher.update(data.subarray(0, data.length - TAG_BYTES)), decipher.final()]);
}
