import { createPrivateKey, createPublicKey, generateKeyPair, sign, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const makePair = promisify(generateKeyPair);
const MODULUS_BITS = 2048;

/** A new RSA key, off the main thread. */
export async function makeRsaKey(): Promise<KeyObject> {
  const { privateKey } = await makePair('rsa', { modulusLength: MODULUS_BITS });
  return privateKey;
}

export function privateKeyToPem(key: KeyObject, type: 'pkcs1' | 'pkcs8'): string {
  return key.export({ type, format: 'pem' }).toString();
}

export function publicKeyToPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

export function privateKeyFromPem(pem: string): KeyObject {
  return createPrivateKey(pem);
}

/** SHA256withRSA, PKCS#1 v1.5, base64: what Alipay calls RSA2 and RSA256. */
export function signRsa(text: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(text, 'utf8'), key).toString('base64');
}

export function isSignedBy(text: string, signature: string, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(text, 'utf8'), createPublicKey(key), Buffer.from(signature, 'base64'));
}
