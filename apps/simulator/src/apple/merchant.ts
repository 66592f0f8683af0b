import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { basicExtensions, makeCertificate, type Name } from '../pki/certificate';
import * as der from '../pki/der';

/** Extension of a merchant's payment processing certificate that holds the hash of the merchant identifier. */
const MERCHANT_ID_OID = '1.2.840.113635.100.6.32';
const VALID_FROM = new Date('2020-01-01T00:00:00Z');
const VALID_TO = new Date('2045-01-01T00:00:00Z');

/** A payment processing certificate with its key: what tokens are encrypted for. */
export interface ProcessingPair {
  readonly certificate: Buffer;
  readonly key: KeyObject;
  /** base64 SHA-256 of the public key's SPKI: how a token names the key it is encrypted for. */
  readonly publicKeyHash: string;
}

/** Which of a merchant's keys a token is made for. */
export type KeyChoice = 'current' | 'former' | 'rsa';

/** A merchant with its keys: those in use, and the one that is being rotated out. */
export interface Merchant extends Readonly<Record<KeyChoice, ProcessingPair>> {
  readonly identifier: string;
}

/** Makes a merchant with two EC keys and the given RSA key. */
export function makeMerchant(identifier: string, serial: bigint, rsaKey: KeyObject): Merchant {
  return {
    identifier,
    current: makePair(identifier, serial, makeEcKey()),
    former: makePair(identifier, serial + 1n, makeEcKey()),
    rsa: makePair(identifier, serial + 2n, rsaKey),
  };
}

export function merchantIdHash(identifier: string): Buffer {
  return createHash('sha256').update(identifier, 'utf8').digest();
}

/** A (self-signed) certificate with the merchant identifier's hash: 64 hex characters, UTF8String. */
function makePair(identifier: string, serial: bigint, key: KeyObject): ProcessingPair {
  const subject: Name = [
    ['UID', identifier],
    ['CN', `Apple Pay Payment Processing:${identifier}`],
    ['O', 'Cross-border Gateway'],
    ['C', 'US'],
  ];
  const hash = merchantIdHash(identifier).toString('hex').toUpperCase();
  const publicKey = createPublicKey(key);
  const certificate = makeCertificate(
    {
      subject,
      issuer: subject,
      serial,
      notBefore: VALID_FROM,
      notAfter: VALID_TO,
      publicKey,
      extensions: [...basicExtensions('end-entity'), { oid: MERCHANT_ID_OID, value: der.utf8(hash) }],
    },
    key,
    key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256',
  );
  return { certificate, key, publicKeyHash: publicKeyHash(publicKey) };
}

function makeEcKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function publicKeyHash(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
