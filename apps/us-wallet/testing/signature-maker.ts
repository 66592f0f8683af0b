import { createHash, sign, X509Certificate } from 'node:crypto';
import { der, element, type LengthForm } from './ber-writer';
import { issuerAndSerial, type TestChain } from './token-maker';

/** What CMS leaves open to whoever writes a signature (RFC 5652), and what no payment token may have. */
export interface SignatureStyle {
  /** Of everything but certificates and signed attributes, which are DER in any signature. */
  lengths: LengthForm;
  /** Parameters of SHA-256: absent, or NULL as older signers write them (RFC 5754, 2). */
  digestParameters: 'absent' | 'null';
  attributes: readonly AttributeName[];
  /** One piece, or several as a stream is written. */
  signatureOctets: 'one piece' | 'pieces';
  certificates: 'leaf first' | 'leaf last';
  unsignedAttributes: boolean;
  revocationLists: boolean;
  signatureAlgorithm: keyof typeof OIDS;
  signers: number;
  signedBy: 'issuer and serial' | 'key identifier';
  content: 'detached' | 'inside';
  /** Signed attributes are DER whatever the rest is; otherwise signer and verifier sign two texts. */
  attributesAre: 'DER' | 'BER';
}

export type AttributeName = 'contentType' | 'signingTime' | 'messageDigest' | 'algorithmProtection';

const OIDS = {
  data: '06092a864886f70d010701',
  signedData: '06092a864886f70d010702',
  contentType: '06092a864886f70d010903',
  messageDigest: '06092a864886f70d010904',
  signingTime: '06092a864886f70d010905',
  algorithmProtection: '06092a864886f70d010934',
  countersignature: '06092a864886f70d010906',
  sha256: '0609608648016503040201',
  ecdsaWithSha256: '06082a8648ce3d040302',
  sha256WithRsa: '06092a864886f70d01010b',
  rsa: '06092a864886f70d010101',
} as const;

/** As the newest tokens of Apple are written. */
export const APPLES_STYLE: SignatureStyle = {
  lengths: 'indefinite',
  digestParameters: 'absent',
  attributes: ['contentType', 'signingTime', 'algorithmProtection', 'messageDigest'],
  signatureOctets: 'one piece',
  certificates: 'leaf first',
  unsignedAttributes: false,
  revocationLists: false,
  signatureAlgorithm: 'ecdsaWithSha256',
  signers: 1,
  signedBy: 'issuer and serial',
  content: 'detached',
  attributesAre: 'DER',
};

const CONTEXT_0 = 0xa0;
const CONTEXT_1 = 0xa1;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;
const SET = 0x31;
const UTC_TIME = 0x17;
const NULL = Buffer.from('0500', 'hex');
const VERSION = Buffer.from('020101', 'hex');

/** A detached CMS signature over these bytes, as base64, in any style. */
export function makeSignature(
  signed: Buffer,
  chain: TestChain,
  at: Date,
  change: Partial<SignatureStyle> = {},
): string {
  const style = { ...APPLES_STYLE, ...change };
  const ber = (tag: number, ...content: Buffer[]): Buffer => element(tag, style.lengths, ...content);
  const inside = style.content === 'detached' ? [] : [ber(CONTEXT_0, der(OCTET_STRING, signed))];
  const certificates = [chain.leaf, chain.intermediate].map(({ rawData }) => Buffer.from(rawData));
  if (style.certificates === 'leaf last') certificates.reverse();
  const signer = signerInfo(signed, chain, at, style);
  const signedData = ber(
    SEQUENCE,
    VERSION,
    ber(SET, digestAlgorithm(style)),
    ber(SEQUENCE, oid('data'), ...inside),
    ber(CONTEXT_0, ...certificates),
    ...(style.revocationLists ? [ber(CONTEXT_1)] : []),
    ber(SET, ...Array.from({ length: style.signers }, () => signer)),
  );
  return ber(SEQUENCE, oid('signedData'), ber(CONTEXT_0, signedData)).toString('base64');
}

function signerInfo(signed: Buffer, chain: TestChain, at: Date, style: SignatureStyle): Buffer {
  const ber = (tag: number, ...content: Buffer[]): Buffer => element(tag, style.lengths, ...content);
  const attributes = style.attributes.map((name) => attribute(name, signed, at, style));
  const signature = sign('sha256', der(SET, ...attributes), chain.leafKey);
  return ber(
    SEQUENCE,
    VERSION,
    signerId(chain, style),
    digestAlgorithm(style),
    style.attributesAre === 'DER' ? der(CONTEXT_0, ...attributes) : element(CONTEXT_0, 'indefinite', ...attributes),
    signatureAlgorithm(style),
    style.signatureOctets === 'one piece' ? der(OCTET_STRING, signature) : pieces(signature, style),
    ...(style.unsignedAttributes
      ? [ber(CONTEXT_1, der(SEQUENCE, oid('countersignature'), der(SET, der(OCTET_STRING))))]
      : []),
  );
}

function pieces(bytes: Buffer, { lengths }: SignatureStyle): Buffer {
  const [first, second] = [bytes.subarray(0, 20), bytes.subarray(20)];
  return element(OCTET_STRING | 0x20, lengths, der(OCTET_STRING, first), der(OCTET_STRING, second));
}

function signerId({ leaf }: TestChain, { signedBy }: SignatureStyle): Buffer {
  const certificate = new X509Certificate(Buffer.from(leaf.rawData));
  if (signedBy === 'key identifier')
    return der(
      0x80,
      createHash('sha1')
        .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
        .digest(),
    );
  return Buffer.from(issuerAndSerial(leaf).toBER());
}

function attribute(name: AttributeName, signed: Buffer, at: Date, style: SignatureStyle): Buffer {
  const values: Record<AttributeName, () => Buffer> = {
    contentType: () => oid('data'),
    signingTime: () => der(UTC_TIME, Buffer.from(utcTime(at))),
    messageDigest: () => der(OCTET_STRING, createHash('sha256').update(signed).digest()),
    // IMPLICIT [1]: its identifier stands where that of the SEQUENCE does elsewhere.
    algorithmProtection: () =>
      der(
        SEQUENCE,
        digestAlgorithm(style),
        Buffer.concat([Buffer.from([CONTEXT_1]), signatureAlgorithm(style).subarray(1)]),
      ),
  };
  return der(SEQUENCE, oid(name), der(SET, values[name]()));
}

function digestAlgorithm({ digestParameters }: SignatureStyle): Buffer {
  return der(SEQUENCE, oid('sha256'), ...(digestParameters === 'null' ? [NULL] : []));
}

function signatureAlgorithm({ signatureAlgorithm: name }: SignatureStyle): Buffer {
  return der(SEQUENCE, oid(name), ...(name === 'ecdsaWithSha256' ? [] : [NULL]));
}

function oid(name: keyof typeof OIDS): Buffer {
  return Buffer.from(OIDS[name], 'hex');
}

function utcTime(at: Date): string {
  return `${at.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`;
}
