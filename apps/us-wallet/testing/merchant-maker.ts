import { Extension, X509CertificateGenerator } from '@peculiar/x509';
import { Utf8String } from 'asn1js';
import {
  constants,
  createCipheriv,
  createECDH,
  createHash,
  KeyObject,
  publicEncrypt,
  randomBytes,
  webcrypto,
} from 'node:crypto';

const MERCHANT_ID_FIELD = '1.2.840.113635.100.6.32';
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};

/** A merchant with a payment processing certificate of its own making. */
export interface TestMerchant {
  identifier: string;
  certificate: string;
  privateKey: string;
  publicKey: KeyObject;
}

/** @param written the identifier whose hash the certificate carries, where it is not the merchant's own; null for none. */
export async function makeMerchant(
  identifier: string,
  kind: 'ec' | 'rsa' = 'ec',
  written: string | null = identifier,
): Promise<TestMerchant> {
  const algorithm = kind === 'ec' ? P256 : RSA;
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=Apple Pay Payment Processing:${identifier}`,
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2045-01-01T00:00:00Z'),
    signingAlgorithm: algorithm,
    keys,
    extensions: written === null ? [] : [new Extension(MERCHANT_ID_FIELD, false, fieldOf(written))],
  });
  return {
    identifier,
    certificate: certificate.toString('pem'),
    privateKey: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: KeyObject.from(keys.publicKey),
  };
}

function fieldOf(identifier: string): ArrayBuffer {
  const hash = createHash('sha256').update(identifier).digest('hex').toUpperCase();
  return new Utf8String({ value: hash }).toBER();
}

/** The shared secret, computed by another part of OpenSSL's wrapper than the code under test uses. */
export function sharedSecret(ephemeral: Buffer, merchant: TestMerchant): Buffer {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(ephemeral);
  return ecdh.computeSecret(merchant.publicKey.export({ type: 'spki', format: 'der' }).subarray(-65));
}

/** EC_v1: `data` and key field of a token, with the ephemeral private key given. */
export function encryptEc(
  plaintext: Buffer,
  merchant: TestMerchant,
  ephemeral: Buffer = newScalar(),
  secretOf: (z: Buffer) => Buffer = (z) => z,
): { version: 'EC_v1'; data: Buffer; keyMaterial: Buffer } {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(ephemeral);
  const key = createHash('sha256')
    .update(Buffer.from('00000001', 'hex'))
    .update(secretOf(sharedSecret(ephemeral, merchant)))
    .update(Buffer.concat([Buffer.from([13]), Buffer.from('id-aes256-GCM'), Buffer.from('Apple')]))
    .update(createHash('sha256').update(merchant.identifier).digest())
    .digest();
  return {
    version: 'EC_v1',
    data: sealed('aes-256-gcm', key, plaintext),
    keyMaterial: Buffer.concat([SPKI_PREFIX, ecdh.getPublicKey()]),
  };
}

/** RSA_v1: `data` and key field of a token. */
export function encryptRsa(
  plaintext: Buffer,
  merchant: TestMerchant,
  keyBytes = 16,
): { version: 'RSA_v1'; data: Buffer; keyMaterial: Buffer } {
  const key = randomBytes(keyBytes);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return {
    version: 'RSA_v1',
    data: sealed(keyBytes === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, plaintext),
    keyMaterial: publicEncrypt({ key: merchant.publicKey, padding, oaepHash: 'sha256' }, key),
  };
}

export function newScalar(): Buffer {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  return Buffer.concat([Buffer.alloc(32), ecdh.getPrivateKey()]).subarray(-32);
}

function sealed(algorithm: 'aes-128-gcm' | 'aes-256-gcm', key: Buffer, plaintext: Buffer): Buffer {
  const cipher = createCipheriv(algorithm, key, Buffer.alloc(16), { authTagLength: 16 });
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}
