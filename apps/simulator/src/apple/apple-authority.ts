import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
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

/** A certificate that signs tokens, with the key that belongs to it. */
export interface Signer {
  readonly certificate: Buffer;
  readonly serial: bigint;
  readonly key: KeyObject;
}

/** One chain of the simulated wallet maker: what signs a token. Certificates are DER. */
export interface SigningChain {
  readonly root: Buffer;
  readonly intermediate: Buffer;
  /** Signs EC_v1 tokens. */
  readonly leaf: Signer;
  /** Signs RSA_v1 tokens. */
  readonly rsaLeaf: Signer;
  /** The leaf's serial number and key by the same intermediate, but without the extension that a verifier must ask for. */
  readonly unmarkedLeaf: Buffer;
  /** An intermediate by the same root, with the same key, without its extension. */
  readonly unmarkedIntermediate: Buffer;
}

/** Makes root (P-384), intermediate and leaf (P-256), and a leaf for RSA_v1, with the algorithms of the real chain. */
export function makeSigningChain(serial: bigint, rsaKey: KeyObject): SigningChain {
  const rootKeys = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const intermediateKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leafKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const byRoot = (subject: Name, key: KeyObject, number: bigint, extensions: Extension[]): Buffer =>
    makeCertificate(content(subject, ROOT, number, key, extensions), rootKeys.privateKey, 'ecdsa-sha384');
  const byIntermediate = (number: bigint, key: KeyObject, extensions: Extension[]): Buffer =>
    makeCertificate(
      content(LEAF, INTERMEDIATE, number, createPublicKey(key), extensions),
      intermediateKeys.privateKey,
      'ecdsa-sha256',
    );
  const marker = (oid: string): Extension => ({ oid, value: der.nothing() });
  const authority = basicExtensions('authority');
  const endEntity = basicExtensions('end-entity');
  const signer = (number: bigint, key: KeyObject): Signer => ({
    certificate: byIntermediate(number, key, [...endEntity, marker(LEAF_OID)]),
    serial: number,
    key,
  });
  return {
    root: byRoot(ROOT, rootKeys.publicKey, serial, authority),
    intermediate: byRoot(INTERMEDIATE, intermediateKeys.publicKey, serial + 1n, [
      ...authority,
      marker(INTERMEDIATE_OID),
    ]),
    unmarkedIntermediate: byRoot(INTERMEDIATE, intermediateKeys.publicKey, serial + 2n, authority),
    leaf: signer(serial + 3n, leafKey),
    unmarkedLeaf: byIntermediate(serial + 3n, leafKey, endEntity),
    rsaLeaf: signer(serial + 4n, rsaKey),
  };
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
