import { createHash } from 'node:crypto';
import { algorithmIdentifier, encodeName, signBytes, type Name } from '../pki/certificate';
import * as der from '../pki/der';
import type { KeyObject } from 'node:crypto';

const OID_DATA = '1.2.840.113549.1.7.1';
const OID_SIGNED_DATA = '1.2.840.113549.1.7.2';
const OID_CONTENT_TYPE = '1.2.840.113549.1.9.3';
const OID_MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const OID_SIGNING_TIME = '1.2.840.113549.1.9.5';
const OID_ALGORITHM_PROTECTION = '1.2.840.113549.1.9.52';
const OID_SHA256 = '2.16.840.1.101.3.4.2.1';

export interface DetachedSignature {
  /** The bytes that are signed, and are not part of the message. */
  readonly signed: Buffer;
  readonly signingTime: Date;
  readonly leaf: Buffer;
  readonly intermediate: Buffer;
  readonly leafIssuer: Name;
  readonly leafSerial: bigint;
  readonly leafKey: KeyObject;
  readonly algorithm: 'ecdsa-sha256' | 'rsa-sha256';
  /** For tests: sign other attributes than the ones sent. */
  readonly breakSignature?: boolean;
}

/**
 * Makes the detached CMS SignedData of a payment token (RFC 5652) as the real ones are: BER with indefinite lengths
 * outside, signed attributes contentType, signingTime, cmsAlgorithmProtection and messageDigest, signed in their
 * SET OF form and sent as `[0]`.
 */
export function makeDetachedSignature(request: DetachedSignature): Buffer {
  const attributes = signedAttributes(request);
  const toSign = request.breakSignature ? Buffer.concat([attributes, Buffer.from([0])]) : attributes;
  const signature = signBytes(request.algorithm, toSign, request.leafKey);
  const signerInfo = der.sequence(
    der.integer(1n),
    der.sequence(encodeName(request.leafIssuer), der.integer(request.leafSerial)),
    digestAlgorithm(),
    retag(attributes),
    algorithmIdentifier(request.algorithm),
    der.octets(signature),
  );
  const signedData = der.indefinite(
    0x30,
    der.integer(1n),
    der.setOf(digestAlgorithm()),
    der.indefinite(0x30, der.oid(OID_DATA)),
    der.indefinite(0xa0, request.leaf, request.intermediate),
    der.element(0x31, signerInfo),
  );
  return der.indefinite(0x30, der.oid(OID_SIGNED_DATA), der.indefinite(0xa0, signedData));
}

function signedAttributes(request: DetachedSignature): Buffer {
  const digest = createHash('sha256').update(request.signed).digest();
  return der.setOf(
    attribute(OID_CONTENT_TYPE, der.oid(OID_DATA)),
    attribute(OID_SIGNING_TIME, der.utcTime(request.signingTime)),
    attribute(
      OID_ALGORITHM_PROTECTION,
      der.sequence(digestAlgorithm(), retagSequence(algorithmIdentifier(request.algorithm), 0xa1)),
    ),
    attribute(OID_MESSAGE_DIGEST, der.octets(digest)),
  );
}

function attribute(oid: string, value: Buffer): Buffer {
  return der.sequence(der.oid(oid), der.setOf(value));
}

function digestAlgorithm(): Buffer {
  return der.sequence(der.oid(OID_SHA256));
}

/** The attribute set travels under the implicit tag `[0]`, yet what is signed carries the SET tag. */
function retag(attributes: Buffer): Buffer {
  return retagSequence(attributes, 0xa0);
}

function retagSequence(encoded: Buffer, tag: number): Buffer {
  const copy = Buffer.from(encoded);
  copy[0] = tag;
  return copy;
}
