import { createHash, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { characters, isTagged, octets, oid, sequence, tagged } from './asn1';
import { parseBer } from './ber';
import type { TokenVersion } from './payment-token';

/** The key pair that tokens are encrypted for, of a merchant's Payment Processing certificate. */
export interface ProcessingKey {
  /** base64 SHA-256 of the public key's SubjectPublicKeyInfo: how a token names this key. */
  publicKeyHash: string;
  /** SHA-256 of the merchant identifier: part of the derivation of every EC_v1 key. */
  merchantIdHash: Buffer;
  privateKey: KeyObject;
  /** The only version whose tokens this kind of key opens. */
  version: TokenVersion;
}

/** Extension of a Payment Processing certificate: the hash of its merchant identifier, 64 hex characters. */
const MERCHANT_ID_FIELD = '1.2.840.113635.100.6.32';
const HEX_SHA256 = /^[0-9A-Fa-f]{64}$/;
const EXTENSIONS_TAG = 3;

/**
 * Reads the key that belongs to a certificate. The merchant identifier's hash is computed and compared with the one that
 * Apple wrote into the certificate: with another one, no EC_v1 token would ever open, and nobody would know why.
 * @throws Error that names what does not fit; never a value of the key.
 */
export function readProcessingKey(certificatePem: string, privateKeyPem: string, merchantId: string): ProcessingKey {
  const certificate = new X509Certificate(certificatePem);
  const privateKey = createPrivateKey(privateKeyPem);
  if (!certificate.checkPrivateKey(privateKey))
    throw new Error(`the private key is not that of the payment processing certificate of ${merchantId}`);
  const merchantIdHash = createHash('sha256').update(merchantId, 'utf8').digest();
  const written = merchantIdFieldOf(certificate);
  if (!merchantIdHash.equals(written))
    throw new Error(`the payment processing certificate is not of the merchant ${merchantId}`);
  const version = versionOf(certificate.publicKey, merchantId);
  return { publicKeyHash: publicKeyHashOf(certificate), merchantIdHash, privateKey, version };
}

export function publicKeyHashOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64');
}

/** The hash in the certificate: an extension that holds a UTF8String of hexadecimal digits. */
function merchantIdFieldOf(certificate: X509Certificate): Buffer {
  const [toBeSigned] = sequence(parseBer(certificate.raw));
  const list = sequence(toBeSigned).find((part) => isTagged(part, EXTENSIONS_TAG));
  for (const extension of list === undefined ? [] : sequence(tagged(list, EXTENSIONS_TAG)[0])) {
    const parts = sequence(extension);
    if (oid(parts[0]) !== MERCHANT_ID_FIELD) continue;
    const hash = characters(parseBer(octets(parts.at(-1))));
    if (HEX_SHA256.test(hash)) return Buffer.from(hash, 'hex');
  }
  throw new Error('the certificate is no payment processing certificate: it has no merchant identifier field');
}

function versionOf(key: KeyObject, merchantId: string): TokenVersion {
  if (key.asymmetricKeyType === 'rsa') return 'RSA_v1';
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'EC_v1';
  throw new Error(`the payment processing key of ${merchantId} is neither on P-256 nor RSA`);
}
