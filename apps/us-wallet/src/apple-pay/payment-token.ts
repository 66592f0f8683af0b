import { createPublicKey } from 'node:crypto';
import { strictBase64, strictHex } from './strict-encoding';
import { TokenRefused } from './token-refusal';

export type TokenVersion = 'EC_v1' | 'RSA_v1';

/** A payment token whose fields are well formed and decoded; nothing in it is to be believed yet. */
export interface PaymentToken {
  version: TokenVersion;
  /** Ciphertext with its 16-byte tag. */
  data: Buffer;
  /** Detached CMS SignedData, BER. */
  signature: Buffer;
  /** EC_v1: the ephemeral key's SubjectPublicKeyInfo; RSA_v1: the wrapped symmetric key. */
  keyMaterial: Buffer;
  /** SHA-256 of the SubjectPublicKeyInfo of the merchant's payment processing key. */
  publicKeyHash: Buffer;
  transactionId: Buffer;
  /** SHA-256 of the request's application data, where the merchant gave some. */
  applicationData: Buffer | null;
  /** The fields as received, for the acquirer, who verifies and decrypts the token for itself. */
  asReceived: TokenFields;
}

/** `paymentData` with its known fields alone. */
export interface TokenFields {
  version: TokenVersion;
  data: string;
  signature: string;
  header: Record<string, string>;
}

/** Characters at most. Real fields: data 428, signature 3,500, keys 350; EMV payloads are the longest data. */
const LIMITS = {
  version: 16,
  data: 8_192,
  signature: 12_288,
  ephemeralPublicKey: 256,
  wrappedKey: 1_024,
  publicKeyHash: 64,
  transactionId: 128,
  transactionIdentifier: 128,
  applicationData: 64,
} as const;
const SHA256_BYTES = 32;
const GCM_TAG_BYTES = 16;
/** RSA_v1 wraps for 2048-bit merchant keys. */
const WRAPPED_KEY_BYTES = 256;
/** SubjectPublicKeyInfo of an uncompressed P-256 point up to its coordinates: other curves and the identity differ. */
const P256_SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const P256_SPKI_BYTES = 91;

/**
 * Reads a `PKPaymentToken` (Apple: payment token format reference). All parts but `data` have one fixed length: they
 * are signed joined without separators, so that with free lengths the end of one could be passed off as the beginning
 * of the next, and a token would verify again under another transaction id.
 * @throws TokenRefused
 */
export function readPaymentToken(value: unknown): PaymentToken {
  const token = objectAt(value, 'token');
  const paymentData = objectAt(token['paymentData'], 'paymentData');
  const header = objectAt(paymentData['header'], 'paymentData.header');
  const version = versionOf(text(paymentData, 'version', 'paymentData.'));
  const [keyField, keyText] = keyFieldOf(version, header);
  const fields = { data: text(paymentData, 'data', 'paymentData.'), hash: text(header, 'publicKeyHash', HEADER) };
  const signature = text(paymentData, 'signature', 'paymentData.');
  const id = text(header, 'transactionId', HEADER);
  const application = isAbsent(header['applicationData']) ? null : text(header, 'applicationData', HEADER);
  const keyMaterial = strictBase64(keyText, `${HEADER}${keyField}`);
  if (version === 'EC_v1') assertPointOnCurve(keyMaterial);
  else exactly(keyMaterial, `${HEADER}wrappedKey`, WRAPPED_KEY_BYTES);
  const transactionId = exactly(strictHex(id, `${HEADER}transactionId`), `${HEADER}transactionId`);
  assertSameTransaction(transactionId, text(token, 'transactionIdentifier', ''));
  return {
    version,
    data: longEnough(strictBase64(fields.data, 'paymentData.data'), GCM_TAG_BYTES + 1, 'paymentData.data'),
    signature: strictBase64(signature, 'paymentData.signature'),
    keyMaterial,
    publicKeyHash: exactly(strictBase64(fields.hash, `${HEADER}publicKeyHash`), `${HEADER}publicKeyHash`),
    transactionId,
    applicationData:
      application === null
        ? null
        : exactly(strictHex(application, `${HEADER}applicationData`), `${HEADER}applicationData`),
    asReceived: {
      version,
      data: fields.data,
      signature,
      header: {
        [keyField]: keyText,
        publicKeyHash: fields.hash,
        transactionId: id,
        ...(application === null ? {} : { applicationData: application }),
      },
    },
  };
}

const HEADER = 'paymentData.header.';

function versionOf(version: string): TokenVersion {
  if (version === 'EC_v1' || version === 'RSA_v1') return version;
  throw new TokenRefused('VERSION_UNSUPPORTED', 'paymentData.version');
}

/** The key travels in the field of its version, and the other version's field is absent. */
function keyFieldOf(
  version: TokenVersion,
  header: Record<string, unknown>,
): ['ephemeralPublicKey' | 'wrappedKey', string] {
  const [own, other] =
    version === 'EC_v1'
      ? (['ephemeralPublicKey', 'wrappedKey'] as const)
      : (['wrappedKey', 'ephemeralPublicKey'] as const);
  if (isAbsent(header[own]) || !isAbsent(header[other]))
    throw new TokenRefused('KEY_FIELD_MISMATCH', `${HEADER}${own}`);
  return [own, text(header, own, HEADER)];
}

/** Programs with typed fields hand on what Apple leaves out as null. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function assertPointOnCurve(spki: Buffer): void {
  const shaped = spki.length === P256_SPKI_BYTES && spki.subarray(0, P256_SPKI_PREFIX.length).equals(P256_SPKI_PREFIX);
  if (!shaped || !isReadableKey(spki)) throw new TokenRefused('EPHEMERAL_KEY_INVALID', `${HEADER}ephemeralPublicKey`);
}

/** OpenSSL computes the curve's equation when it reads a point and refuses what does not solve it. */
function isReadableKey(spki: Buffer): boolean {
  try {
    createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return true;
  } catch {
    return false;
  }
}

/** The identifiers are the same number; real tokens differ in the case of the letters. */
function assertSameTransaction(transactionId: Buffer, transactionIdentifier: string): void {
  const outer = strictHex(transactionIdentifier, 'transactionIdentifier');
  if (!outer.equals(transactionId)) throw new TokenRefused('TRANSACTION_ID_MISMATCH', 'transactionIdentifier');
}

function objectAt(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TokenRefused('TOKEN_MALFORMED', field);
  return value as Record<string, unknown>;
}

function text(holder: Record<string, unknown>, name: keyof typeof LIMITS, path: string): string {
  const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
  if (typeof value !== 'string' || value === '') throw new TokenRefused('TOKEN_MALFORMED', path + name);
  if (value.length > LIMITS[name]) throw new TokenRefused('TOKEN_TOO_LARGE', path + name);
  return value;
}

function exactly(bytes: Buffer, field: string, length: number = SHA256_BYTES): Buffer {
  if (bytes.length !== length) throw new TokenRefused('TOKEN_MALFORMED', field);
  return bytes;
}

function longEnough(bytes: Buffer, least: number, field: string): Buffer {
  if (bytes.length < least) throw new TokenRefused('TOKEN_MALFORMED', field);
  return bytes;
}
