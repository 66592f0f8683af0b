import { encoded, instant, isTagged, octets, oid, sequence, set, tagged } from './asn1';
import { expect, parseBer, type BerElement } from './ber';
import { TokenRefused } from './token-refusal';

/** One certificate of the signature: its DER, and what the signer names it by. */
export interface SignatureCertificate {
  der: Buffer;
  /** DER of issuer name and of serial number, joined. */
  issuerAndSerial: Buffer;
  extensions: ReadonlySet<string>;
}

/** The parts of a payment token's detached CMS SignedData (RFC 5652) that verification needs. */
export interface PaymentSignature {
  certificates: SignatureCertificate[];
  /** Which certificate the signer names, as `issuerAndSerial`. */
  signerId: Buffer;
  digestAlgorithm: string;
  signatureAlgorithm: string;
  signature: Buffer;
  /** The attributes' DER re-tagged from `[0]` to SET OF: what the signature is made over. */
  signedAttributes: Buffer;
  messageDigest: Buffer;
  signingTime: Date;
  /** Algorithms repeated under the signature (RFC 6211), where present. */
  protectedAlgorithms: { digest: string; signature: string } | null;
}

const OID_DATA = '1.2.840.113549.1.7.1';
const OID_SIGNED_DATA = '1.2.840.113549.1.7.2';
const OID_CONTENT_TYPE = '1.2.840.113549.1.9.3';
const OID_MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const OID_SIGNING_TIME = '1.2.840.113549.1.9.5';
const OID_ALGORITHM_PROTECTION = '1.2.840.113549.1.9.52';
const TAG_SET = 0x31;
const TAG_IMPLICIT_ATTRIBUTES = 0xa0;
const FIELD = 'paymentData.signature';

/** Reads the signature; BER with indefinite lengths is what real tokens have. @throws TokenRefused SIGNATURE_MALFORMED */
export function readPaymentSignature(bytes: Buffer): PaymentSignature {
  try {
    const [contentType, content] = sequence(parseBer(bytes));
    expect(oid(contentType) === OID_SIGNED_DATA, 'content is signed data');
    return readSignedData(sequence(tagged(content, 0)[0]));
  } catch {
    // Whatever a parser stumbles over, be it the depth of the nesting, is a signature that cannot be read.
    throw new TokenRefused('SIGNATURE_MALFORMED', FIELD);
  }
}

function readSignedData(parts: readonly BerElement[]): PaymentSignature {
  const [, , encapsulated, certificates, ...rest] = parts;
  const [innerType, innerContent] = sequence(encapsulated);
  expect(oid(innerType) === OID_DATA && innerContent === undefined, 'signature is detached');
  const [signerInfos, ...beyond] = rest.filter((part) => !isTagged(part, 1));
  const signers = set(signerInfos);
  expect(signers.length === 1 && beyond.length === 0, 'there is one signer');
  return { certificates: tagged(certificates, 0).map(readCertificate), ...readSigner(sequence(signers[0])) };
}

function readSigner(parts: readonly BerElement[]): Omit<PaymentSignature, 'certificates'> {
  const [, signerId, digestAlgorithm, attributes, signatureAlgorithm, signature] = parts;
  const [issuer, serial] = sequence(signerId);
  const values = readAttributes(tagged(attributes, 0));
  expect(oid(values.get(OID_CONTENT_TYPE)) === OID_DATA, 'content type is data');
  return {
    signerId: Buffer.concat([encoded(issuer), encoded(serial)]),
    digestAlgorithm: oid(sequence(digestAlgorithm)[0]),
    signatureAlgorithm: oid(sequence(signatureAlgorithm)[0]),
    signature: octets(signature),
    signedAttributes: retagged(encoded(attributes)),
    messageDigest: octets(values.get(OID_MESSAGE_DIGEST)),
    signingTime: instant(values.get(OID_SIGNING_TIME)),
    protectedAlgorithms: readProtection(values.get(OID_ALGORITHM_PROTECTION)),
  };
}

/** Each attribute once and with one value: a second one could be read by one party and overlooked by another. */
function readAttributes(attributes: readonly BerElement[]): Map<string, BerElement> {
  const found = new Map<string, BerElement>();
  for (const attribute of attributes) {
    const [type, values] = sequence(attribute);
    const [value, ...more] = set(values);
    expect(value !== undefined && more.length === 0 && !found.has(oid(type)), 'one value per attribute');
    found.set(oid(type), value);
  }
  return found;
}

function readProtection(value: BerElement | undefined): PaymentSignature['protectedAlgorithms'] {
  if (value === undefined) return null;
  const [digest, signature] = sequence(value);
  return { digest: oid(sequence(digest)[0]), signature: oid(tagged(signature, 1)[0]) };
}

function readCertificate(certificate: BerElement): SignatureCertificate {
  const [toBeSigned] = sequence(certificate);
  const [, serial, , issuer, , , , ...optional] = sequence(toBeSigned);
  const extensions = optional.find((part) => isTagged(part, 3));
  const list = extensions === undefined ? [] : sequence(tagged(extensions, 3)[0]);
  return {
    der: encoded(certificate),
    issuerAndSerial: Buffer.concat([encoded(issuer), encoded(serial)]),
    extensions: new Set(list.map((extension) => oid(sequence(extension)[0]))),
  };
}

function retagged(attributes: Buffer): Buffer {
  expect(attributes[0] === TAG_IMPLICIT_ATTRIBUTES, 'attributes are tagged [0]');
  const copy = Buffer.from(attributes);
  copy[0] = TAG_SET;
  return copy;
}
