import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  privateDecrypt,
  publicEncrypt,
  type KeyObject,
} from 'node:crypto';
import { merchantIdHash } from './merchant';

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
  return sealed(plaintext, tokenKey(shared, merchantIdentifier));
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
  return opened(data, tokenKey(shared, merchantIdentifier));
}

/** RSA_v1: encrypts under a key of 16 bytes, which travels wrapped for the merchant (OAEP, SHA-256 throughout). */
export function encryptUnder(
  key: Buffer,
  plaintext: Buffer,
  merchantKey: KeyObject,
): { data: Buffer; wrapped: Buffer } {
  return { data: sealed(plaintext, key), wrapped: publicEncrypt(oaep(createPublicKey(merchantKey)), key) };
}

/** RSA_v1: decrypts with the merchant's private key. @throws where the key is another one or the data was changed. */
export function decryptWrapped(data: Buffer, wrapped: Buffer, merchantKey: KeyObject): Buffer {
  return opened(data, privateDecrypt(oaep(merchantKey), wrapped));
}

function oaep(key: KeyObject): { key: KeyObject; padding: number; oaepHash: string } {
  return { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
}

function sealed(plaintext: Buffer, key: Buffer): Buffer {
  const cipher = createCipheriv(cipherFor(key), key, INITIALISATION_VECTOR, { authTagLength: TAG_BYTES });
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function opened(data: Buffer, key: Buffer): Buffer {
  const decipher = createDecipheriv(cipherFor(key), key, INITIALISATION_VECTOR, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
  return Buffer.concat([decipher.update(data.subarray(0, data.length - TAG_BYTES)), decipher.final()]);
}

function cipherFor(key: Buffer): 'aes-128-gcm' | 'aes-256-gcm' {
  return key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
}
