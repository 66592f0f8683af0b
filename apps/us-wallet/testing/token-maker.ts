import 'reflect-metadata';
import { BasicConstraintsExtension, Extension, X509CertificateGenerator, type X509Certificate } from '@peculiar/x509';
import {
  Constructed,
  fromBER,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Sequence,
  Set as Asn1Set,
  UTCTime,
} from 'asn1js';
import { createHash, KeyObject, randomBytes, sign, webcrypto } from 'node:crypto';

const LEAF_MARK = '1.2.840.113635.100.6.29';
const INTERMEDIATE_MARK = '1.2.840.113635.100.6.2.14';
const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const SHA256 = '2.16.840.1.101.3.4.2.1';
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const NULL_EXTENSION = new Uint8Array([5, 0]);

/** A chain of our own with the marks of Apple's; its root is what a verifier under test is given as trust anchor. */
export interface TestChain {
  root: X509Certificate;
  intermediate: X509Certificate;
  leaf: X509Certificate;
  leafKey: KeyObject;
}

export interface ChainOptions {
  leafMark?: boolean;
  intermediateMark?: boolean;
  /** Of which kind the key is that signs tokens: RSA for those of RSA_v1. */
  leaf?: 'ec' | 'rsa';
  validFrom?: Date;
  validTo?: Date;
}

/** Names as Apple's, so that only keys tell the chains apart. */
export async function makeChain(options: ChainOptions = {}): Promise<TestChain> {
  const validity = {
    notBefore: options.validFrom ?? new Date('2020-01-01T00:00:00Z'),
    notAfter: options.validTo ?? new Date('2045-01-01T00:00:00Z'),
    signingAlgorithm: P256,
  };
  const [rootKeys, intermediateKeys, leafKeys] = await Promise.all([keys(), keys(), keys(options.leaf)]);
  const name = (cn: string): string => `CN=${cn}, OU=Apple Certification Authority, O=Apple Inc., C=US`;
  const root = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: name('Apple Root CA - G3'),
    keys: rootKeys,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const intermediate = await X509CertificateGenerator.create({
    ...validity,
    subject: name('Apple Application Integration CA - G3'),
    issuer: root.subject,
    publicKey: intermediateKeys.publicKey,
    signingKey: rootKeys.privateKey,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      ...(options.intermediateMark === false ? [] : [new Extension(INTERMEDIATE_MARK, false, NULL_EXTENSION)]),
    ],
  });
  const leaf = await X509CertificateGenerator.create({
    ...validity,
    subject: 'CN=ecc-smp-broker-sign_UC4-PROD, OU=iOS Systems, O=Apple Inc., C=US',
    issuer: intermediate.subject,
    publicKey: leafKeys.publicKey,
    signingKey: intermediateKeys.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      ...(options.leafMark === false ? [] : [new Extension(LEAF_MARK, false, NULL_EXTENSION)]),
    ],
  });
  return { root, intermediate, leaf, leafKey: KeyObject.from(leafKeys.privateKey) };
}

export interface TokenContent {
  chain: TestChain;
  signingTime: Date;
  publicKeyHash: string;
  ephemeralPublicKey?: Buffer;
  data?: Buffer;
  transactionId?: Buffer;
  applicationData?: Buffer;
  certificates?: X509Certificate[];
  digestAlgorithm?: string;
  signatureAlgorithm?: string;
  network?: string;
}

/** The parts of a PKPaymentToken that tests alter. */
export interface MadeToken {
  paymentData: { version: string; data: string; signature: string; header: Record<string, string> };
  paymentMethod: { displayName: string; network: string; type: string };
  transactionIdentifier: string;
}

/** Makes a token that is right in all that is not asked to be wrong. Its ciphertext is random: nobody decrypts it here. */
export async function makeToken(content: TokenContent): Promise<MadeToken> {
  const ephemeral = content.ephemeralPublicKey ?? (await ephemeralKey());
  const data = content.data ?? randomBytes(300);
  const transactionId = content.transactionId ?? randomBytes(32);
  const application = content.applicationData ?? Buffer.alloc(0);
  const signature = signatureOver(Buffer.concat([ephemeral, data, transactionId, application]), content);
  return {
    paymentData: {
      version: 'EC_v1',
      data: data.toString('base64'),
      signature: signature.toString('base64'),
      header: {
        ephemeralPublicKey: ephemeral.toString('base64'),
        publicKeyHash: content.publicKeyHash,
        transactionId: transactionId.toString('hex'),
        ...(content.applicationData ? { applicationData: application.toString('hex') } : {}),
      },
    },
    paymentMethod: { displayName: 'Visa 1234', network: content.network ?? 'Visa', type: 'debit' },
    transactionIdentifier: transactionId.toString('hex').toUpperCase(),
  };
}

async function ephemeralKey(): Promise<Buffer> {
  const { publicKey } = await keys();
  return Buffer.from(await webcrypto.subtle.exportKey('spki', publicKey));
}

function keys(kind: 'ec' | 'rsa' = 'ec'): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(kind === 'ec' ? P256 : RSA, true, ['sign', 'verify']);
}

function signatureOver(signed: Buffer, content: TokenContent): Buffer {
  const { chain } = content;
  const attributes = [
    attribute('1.2.840.113549.1.9.3', new ObjectIdentifier({ value: '1.2.840.113549.1.7.1' })),
    attribute('1.2.840.113549.1.9.5', new UTCTime({ valueDate: content.signingTime })),
    attribute('1.2.840.113549.1.9.4', new OctetString({ valueHex: createHash('sha256').update(signed).digest() })),
  ];
  const toSign = Buffer.from(new Asn1Set({ value: attributes }).toBER());
  const signerInfo = new Sequence({
    value: [
      new Integer({ value: 1 }),
      issuerAndSerial(chain.leaf),
      algorithm(content.digestAlgorithm ?? SHA256),
      new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: attributes }),
      algorithm(content.signatureAlgorithm ?? ECDSA_SHA256),
      new OctetString({ valueHex: sign('sha256', toSign, chain.leafKey) }),
    ],
  });
  const certificates = (content.certificates ?? [chain.leaf, chain.intermediate]).map(certificateBlock);
  const signedData = new Sequence({
    value: [
      new Integer({ value: 1 }),
      new Asn1Set({ value: [algorithm(SHA256)] }),
      new Sequence({ value: [new ObjectIdentifier({ value: '1.2.840.113549.1.7.1' })] }),
      new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: certificates }),
      new Asn1Set({ value: [signerInfo] }),
    ],
  });
  const contentInfo = new Sequence({
    value: [
      new ObjectIdentifier({ value: '1.2.840.113549.1.7.2' }),
      new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [signedData] }),
    ],
  });
  return Buffer.from(contentInfo.toBER());
}

function attribute(type: string, value: ObjectIdentifier | OctetString | UTCTime): Sequence {
  return new Sequence({ value: [new ObjectIdentifier({ value: type }), new Asn1Set({ value: [value] })] });
}

function algorithm(value: string): Sequence {
  return new Sequence({ value: [new ObjectIdentifier({ value }), new Null()] });
}

function certificateBlock(certificate: X509Certificate): Sequence {
  return fromBER(certificate.rawData).result as Sequence;
}

/** How a signer is named: both as they stand in its certificate. */
export function issuerAndSerial(certificate: X509Certificate): Sequence {
  const tbs = certificateBlock(certificate).valueBlock.value[0] as Sequence;
  const [, serial, , issuer] = tbs.valueBlock.value;
  return new Sequence({ value: [issuer!, serial!] });
}
