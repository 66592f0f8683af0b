import { createHash, generateKeyPairSync, KeyObject } from 'node:crypto';
import {
  basicExtensions,
  makeCertificate,
  type CertificateContent,
  type Extension,
  type Name,
} from '../pki/certificate';
import * as der from '../pki/der';

/** Extension that marks a certificate for signing payment tokens (presence only). */
export const LEAF_OID = '1.2.840.113635.100.6.29';
/** Extension that marks the intermediate authority (presence only). */
export const INTERMEDIATE_OID = '1.2.840.113635.100.6.2.14';
/** Extension of a merchant's payment processing certificate that holds the hash of the merchant identifier. */
export const MERCHANT_ID_OID = '1.2.840.113635.100.6.32';

const ROOT: Name = [
  ['CN', 'Simulated Wallet Root CA - G3'],
  ['OU', 'Simulated Certification Authority'],
  ['O', 'Simulated Wallet Maker'],
  ['C', 'US'],
];
/** The issuer that a token's signer names. */
export const INTERMEDIATE: Name = [
  ['CN', 'Simulated Application Integration CA - G3'],
  ['OU', 'Simulated Certification Authority'],
  ['O', 'Simulated Wallet Maker'],
  ['C', 'US'],
];
const LEAF: Name = [
  ['CN', 'ecc-smp-broker-sign_SIMULATED'],
  ['OU', 'iOS Systems'],
  ['O', 'Simulated Wallet Maker'],
  ['C', 'US'],
];
const VALID_FROM = new Date('2020-01-01T00:00:00Z');
const VALID_TO = new Date('2045-01-01T00:00:00Z');

/** One chain of the simulated wallet maker: what signs a token. Certificates are DER. */
export interface SigningChain {
  readonly root: Buffer;
  readonly intermediate: Buffer;
  readonly leaf: Buffer;
  readonly leafKey: KeyObject;
  readonly leafSerial: bigint;
  /** A leaf by the same intermediate, but without the extension that a verifier must ask for. */
  readonly unmarkedLeaf: Buffer;
  /** An intermediate by the same root, with the same key, without its extension. */
  readonly unmarkedIntermediate: Buffer;
}

/** A merchant's payment processing identity: the acquirer owns the private key. */
export interface Merchant {
  readonly identifier: string;
  readonly certificate: Buffer;
  readonly key: KeyObject;
  /** base64 SHA-256 of the public key's SPKI: how a token names the key it is encrypted for. */
  readonly publicKeyHash: string;
}

/** Makes root (P-384), intermediate and leaf (P-256) with the algorithms of the real chain. */
export function makeSigningChain(serial: bigint): SigningChain {
  const rootKeys = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const intermediateKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leafKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const byRoot = (subject: Name, key: KeyObject, number: bigint, extensions: Extension[]): Buffer =>
    makeCertificate(content(subject, ROOT, number, key, extensions), rootKeys.privateKey, 'ecdsa-sha384');
  const byIntermediate = (number: bigint, extensions: Extension[]): Buffer =>
    makeCertificate(
      content(LEAF, INTERMEDIATE, number, leafKeys.publicKey, extensions),
      intermediateKeys.privateKey,
      'ecdsa-sha256',
    );
  const marker = (oid: string): Extension => ({ oid, value: der.nothing() });
  const authority = basicExtensions('authority');
  const endEntity = basicExtensions('end-entity');
  return {
    root: byRoot(ROOT, rootKeys.publicKey, serial, authority),
    intermediate: byRoot(INTERMEDIATE, intermediateKeys.publicKey, serial + 1n, [
      ...authority,
      marker(INTERMEDIATE_OID),
    ]),
    unmarkedIntermediate: byRoot(INTERMEDIATE, intermediateKeys.publicKey, serial + 2n, authority),
    leaf: byIntermediate(serial + 3n, [...endEntity, marker(LEAF_OID)]),
    unmarkedLeaf: byIntermediate(serial + 3n, endEntity),
    leafKey: leafKeys.privateKey,
    leafSerial: serial + 3n,
  };
}

/** Makes a merchant's key and its (self-signed) certificate with the merchant identifier's hash (64 hex characters, UTF8String). */
export function makeMerchant(identifier: string, serial: bigint): Merchant {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject: Name = [
    ['UID', identifier],
    ['CN', `Apple Pay Payment Processing:${identifier}`],
    ['O', 'Cross-border Gateway'],
    ['C', 'US'],
  ];
  const hash = merchantIdHash(identifier).toString('hex').toUpperCase();
  const extensions = [...basicExtensions('end-entity'), { oid: MERCHANT_ID_OID, value: der.utf8(hash) }];
  const certificate = makeCertificate(
    content(subject, subject, serial, keys.publicKey, extensions),
    keys.privateKey,
    'ecdsa-sha256',
  );
  return { identifier, certificate, key: keys.privateKey, publicKeyHash: publicKeyHash(keys.publicKey) };
}

export function merchantIdHash(identifier: string): Buffer {
  return createHash('sha256').update(identifier, 'utf8').digest();
}

export function publicKeyHash(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

function content(
  subject: Name,
  issuer: Name,
  serial: bigint,
  publicKey: KeyObject,
  extensions: Extension[],
): CertificateContent {
  return { subject, issuer, serial, notBefore: VALID_FROM, notAfter: VALID_TO, publicKey, extensions };
}
