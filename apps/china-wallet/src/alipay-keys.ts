import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

const PEM = /-----BEGIN /;

/**
 * A private key as PEM, or as Alipay's tools and consoles give it: the base64 of its DER alone, which may be PKCS#8 or
 * PKCS#1.
 * @throws Error that names the key and never a part of it.
 */
export function privateKeyOf(text: string, name: string): KeyObject {
  return firstThatReads(name, [
    () => createPrivateKey(pemOr(text)),
    () => createPrivateKey({ key: derOf(text), format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key: derOf(text), format: 'der', type: 'pkcs1' }),
  ]);
}

/** The same of a public key. @throws Error that names the key. */
export function publicKeyOf(text: string, name: string): KeyObject {
  return firstThatReads(name, [
    () => createPublicKey(pemOr(text)),
    () => createPublicKey({ key: derOf(text), format: 'der', type: 'spki' }),
  ]);
}

function pemOr(text: string): string {
  if (!PEM.test(text)) throw new Error('no PEM');
  return text;
}

function derOf(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

function firstThatReads(name: string, ways: readonly (() => KeyObject)[]): KeyObject {
  for (const read of ways) {
    try {
      const key = read();
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch {
      // In another form, or none at all: the next way tells.
    }
  }
  throw new Error(`${name} is no RSA key, neither as PEM nor as base64`);
}
