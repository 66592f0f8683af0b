import { KeyObject, sign } from 'node:crypto';
import * as der from './der';

/** A distinguished name in the order of the certificate: pairs of attribute and value. */
export type Name = readonly (readonly [NameAttribute, string])[];
export type NameAttribute = 'C' | 'O' | 'OU' | 'CN' | 'UID';

export interface Extension {
  readonly oid: string;
  readonly critical?: boolean;
  /** DER of the extension's value, without the OCTET STRING around it. */
  readonly value: Buffer;
}

export interface CertificateContent {
  readonly subject: Name;
  readonly issuer: Name;
  readonly serial: bigint;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Extension[];
}

export type SignatureAlgorithm = 'ecdsa-sha256' | 'ecdsa-sha384' | 'rsa-sha256';

const ATTRIBUTE_OIDS: Record<NameAttribute, string> = {
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  CN: '2.5.4.3',
  UID: '0.9.2342.19200300.100.1.1',
};

const SIGNATURE_OIDS: Record<SignatureAlgorithm, string> = {
  'ecdsa-sha256': '1.2.840.10045.4.3.2',
  'ecdsa-sha384': '1.2.840.10045.4.3.3',
  'rsa-sha256': '1.2.840.113549.1.1.11',
};

/** The AlgorithmIdentifier: RSA carries an explicit NULL, ECDSA carries nothing (RFC 5758, RFC 4055). */
export function algorithmIdentifier(algorithm: SignatureAlgorithm): Buffer {
  const oid = der.oid(SIGNATURE_OIDS[algorithm]);
  return algorithm === 'rsa-sha256' ? der.sequence(oid, der.nothing()) : der.sequence(oid);
}

export function signBytes(algorithm: SignatureAlgorithm, bytes: Buffer, key: KeyObject): Buffer {
  return sign(algorithm === 'ecdsa-sha384' ? 'sha384' : 'sha256', bytes, key);
}

/** Makes an X.509 version 3 certificate (RFC 5280) and returns its DER. */
export function makeCertificate(
  content: CertificateContent,
  issuerKey: KeyObject,
  algorithm: SignatureAlgorithm,
): Buffer {
  const signedPart = der.sequence(
    der.tagged(0, der.integer(2n)),
    der.integer(content.serial),
    algorithmIdentifier(algorithm),
    encodeName(content.issuer),
    der.sequence(der.utcTime(content.notBefore), der.utcTime(content.notAfter)),
    encodeName(content.subject),
    content.publicKey.export({ type: 'spki', format: 'der' }),
    der.tagged(3, der.sequence(...content.extensions.map(encodeExtension))),
  );
  const signature = signBytes(algorithm, signedPart, issuerKey);
  return der.sequence(signedPart, algorithmIdentifier(algorithm), der.bits(signature));
}

/** Basic constraints and key usage of a certificate authority, or of an end entity. */
export function basicExtensions(role: 'authority' | 'end-entity'): Extension[] {
  const isAuthority = role === 'authority';
  return [
    { oid: '2.5.29.19', critical: true, value: isAuthority ? der.sequence(der.boolean(true)) : der.sequence() },
    { oid: '2.5.29.15', critical: true, value: der.namedBits(isAuthority ? 0x06 : 0x80) },
  ];
}

export function encodeName(name: Name): Buffer {
  return der.sequence(
    ...name.map(([attribute, value]) => der.setOf(der.sequence(der.oid(ATTRIBUTE_OIDS[attribute]), der.utf8(value)))),
  );
}

export function toPem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function encodeExtension(extension: Extension): Buffer {
  const critical = extension.critical ? [der.boolean(true)] : [];
  return der.sequence(der.oid(extension.oid), ...critical, der.octets(extension.value));
}
