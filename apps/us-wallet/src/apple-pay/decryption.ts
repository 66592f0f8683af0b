import {
  constants,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  privateDecrypt,
  type KeyObject,
} from 'node:crypto';
import type { PaymentToken } from './payment-token';
import type { ProcessingKey } from './processing-key';
import { TokenRefused } from './token-refusal';

/** What of a token its decryption needs. */
export type Ciphertext = Pick<PaymentToken, 'version' | 'data' | 'keyMaterial'>;

const TAG_BYTES = 16;
/** Sixteen zero bytes, not GCM's usual twelve: every token has a key of its own. */
const INITIALISATION_VECTOR = Buffer.alloc(16);
const RSA_V1_KEY_BYTES = 16;
const FIELD = 'paymentData.data';
/** Counter of the one round; algorithm id with its length in front; PartyU. PartyV is the merchant identifier's hash. */
const ROUND = Buffer.from([0, 0, 0, 1]);
const OTHER_INFO = Buffer.from('\x0did-aes256-GCMApple', 'latin1');

/**
 * Opens a token with the key that it names (Apple: payment token format reference, "restoring the symmetric key"). The
 * signature must have been verified before.
 * @returns the payment data as JSON text in UTF-8.
 * @throws TokenRefused KEY_FIELD_MISMATCH, DECRYPTION_FAILED
 */
export function decryptToken(token: Ciphertext, key: ProcessingKey): Buffer {
  if (token.version !== key.version) throw new TokenRefused('KEY_FIELD_MISMATCH', 'paymentData.header.publicKeyHash');
  try {
    return open(token.data, symmetricKeyOf(token, key));
  } catch {
    // Another key, another merchant identifier or changed bytes: OpenSSL does not tell them apart, and nor do we.
    throw new TokenRefused('DECRYPTION_FAILED', FIELD);
  }
}

/** The token's own AES key: 32 bytes for EC_v1, 16 for RSA_v1. */
export function symmetricKeyOf(token: Ciphertext, key: ProcessingKey): Buffer {
  return token.version === 'EC_v1'
    ? derivedKey(sharedSecretOf(token.keyMaterial, key.privateKey), key.merchantIdHash)
    : unwrappedKey(token.keyMaterial, key.privateKey);
}

/**
 * Concatenation KDF of NIST SP 800-56A with SHA-256, one round.
 * @param sharedSecret Z: the X coordinate in its full 32 bytes. Without its leading zeros one token in 256 would not open.
 */
export function derivedKey(sharedSecret: Buffer, merchantIdHash: Buffer): Buffer {
  return createHash('sha256').update(ROUND).update(sharedSecret).update(OTHER_INFO).update(merchantIdHash).digest();
}

/** OpenSSL gives Z in the width of the curve's field, zeros included. */
function sharedSecretOf(ephemeralKey: Buffer, privateKey: KeyObject): Buffer {
  const publicKey = createPublicKey({ key: ephemeralKey, format: 'der', type: 'spki' });
  return diffieHellman({ privateKey, publicKey });
}

/** RSA-OAEP with SHA-256, for the hash and for the mask generation alike. */
function unwrappedKey(wrappedKey: Buffer, key: KeyObject): Buffer {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const unwrapped = privateDecrypt({ key, padding, oaepHash: 'sha256' }, wrappedKey);
  if (unwrapped.length !== RSA_V1_KEY_BYTES) throw new Error('another length than that of an AES-128 key');
  return unwrapped;
}

/** AES-GCM without additional data; the tag is the end of the ciphertext. */
function open(data: Buffer, key: Buffer): Buffer {
  const options = { authTagLength: TAG_BYTES };
  const algorithm = key.length === RSA_V1_KEY_BYTES ? 'aes-128-gcm' : 'aes-256-gcm';
  const decipher = createDecipheriv(algorithm, key, INITIALISATION_VECTOR, options);
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]);
}
