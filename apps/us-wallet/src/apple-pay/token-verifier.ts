import { createHash, verify } from 'node:crypto';
import type { Clock } from '@gateway/platform';
import { CertificateChains, type TrustedLeaf } from './certificate-chain';
import { readPaymentSignature, type PaymentSignature } from './payment-signature';
import { readPaymentToken, type PaymentToken, type TokenFields, type TokenVersion } from './payment-token';
import { TokenRefused, type TokenRefusalCode } from './token-refusal';
import type { TrustAnchor } from './trust-anchor';

/** What a verified token is known by. */
export interface VerifiedToken {
  version: TokenVersion;
  /** base64; which of our keys it is encrypted for. */
  publicKeyHash: string;
  /** Lower case; unique for ever: Apple gives each token its own. */
  transactionId: string;
  signedAt: Date;
  /** Exactly the fields that were verified: these go to the acquirer and nothing else. */
  fields: TokenFields;
}

/** A payment processing key of ours. Tokens signed before or after its time are refused, even where it could open them. */
export interface AcceptedKey {
  /** base64 SHA-256 of the public key (SubjectPublicKeyInfo). */
  publicKeyHash: string;
  validFrom?: Date;
  validUntil?: Date;
}

export interface TokenVerifierOptions {
  anchor: TrustAnchor;
  /** Our payment processing keys: those in use, and their predecessors while they are being rotated out. */
  keys: readonly AcceptedKey[];
  clock: Clock;
}

/** Apple: a signature more than five minutes from its receipt may be a replay. */
const OLDEST_MS = 5 * 60_000;
/** How far the signer's clock may run ahead of ours. */
const SKEW_MS = 1_000;
const SHA256 = '2.16.840.1.101.3.4.2.1';
/** The signature's algorithm and the kind of its key, by version. */
const ALGORITHMS: Record<TokenVersion, { oid: string; key: 'ec' | 'rsa'; curve?: string }> = {
  EC_v1: { oid: '1.2.840.10045.4.3.2', key: 'ec', curve: 'prime256v1' },
  RSA_v1: { oid: '1.2.840.113549.1.1.11', key: 'rsa' },
};
const FIELD = 'paymentData.signature';
const KEY_FIELD = 'paymentData.header.publicKeyHash';

/**
 * Decides whether a payment token was made by Apple for us, just now (Apple: payment token format reference, "verify the
 * signature"). Pure but for the injected clock: no network, no storage; whether the token was seen before is for the
 * unique index of the caller. About 0.3 ms of CPU a token, two thirds of it OpenSSL's: it stays on the event loop.
 */
export class TokenVerifier {
  private readonly chains: CertificateChains;
  private readonly ourKeys: ReadonlyMap<string, AcceptedKey>;

  constructor(private readonly options: TokenVerifierOptions) {
    this.chains = new CertificateChains(options.anchor);
    this.ourKeys = new Map(options.keys.map((key) => [key.publicKeyHash, key]));
  }

  /**
   * @param applicationDataHash SHA-256 of the application data that the payment request was made with; null where it was
   *   made without, and then the token must carry none.
   * @throws TokenRefused
   */
  verify(value: unknown, applicationDataHash: Buffer | null = null): VerifiedToken {
    const token = readPaymentToken(value);
    if (!isSame(token.applicationData, applicationDataHash))
      throw new TokenRefused('APPLICATION_DATA_UNEXPECTED', 'paymentData.header.applicationData');
    const key = this.ourKeys.get(token.publicKeyHash.toString('base64'));
    if (key === undefined) throw new TokenRefused('MERCHANT_UNKNOWN', KEY_FIELD);
    const signature = readPaymentSignature(token.signature);
    const leaf = this.chains.leafOf(signature.certificates);
    assertAlgorithms(token.version, signature, leaf);
    assertSigned(token, signature, leaf);
    this.assertFresh(signature.signingTime, leaf);
    if (!isInUse(key, signature.signingTime)) throw new TokenRefused('MERCHANT_KEY_NOT_VALID', KEY_FIELD);
    return {
      publicKeyHash: key.publicKeyHash,
      version: token.version,
      transactionId: token.transactionId.toString('hex'),
      signedAt: signature.signingTime,
      fields: token.asReceived,
    };
  }

  /** The certificates must have been valid when they signed: a leaf may expire between signing and receipt. */
  private assertFresh(signedAt: Date, leaf: TrustedLeaf): void {
    const age = this.options.clock.nowMs() - signedAt.getTime();
    refuseUnless(signedAt >= leaf.validFrom && signedAt <= leaf.validTo, 'CERTIFICATE_NOT_VALID');
    refuseUnless(age <= OLDEST_MS, 'SIGNED_TOO_LONG_AGO');
    refuseUnless(age >= -SKEW_MS, 'SIGNED_IN_FUTURE');
  }
}

function assertAlgorithms(version: TokenVersion, signature: PaymentSignature, leaf: TrustedLeaf): void {
  const expected = ALGORITHMS[version];
  const { protectedAlgorithms } = signature;
  const named = signature.digestAlgorithm === SHA256 && signature.signatureAlgorithm === expected.oid;
  const repeated =
    protectedAlgorithms === null ||
    (protectedAlgorithms.digest === SHA256 && protectedAlgorithms.signature === expected.oid);
  const keyFits =
    leaf.key.asymmetricKeyType === expected.key && leaf.key.asymmetricKeyDetails?.namedCurve === expected.curve;
  refuseUnless(named && repeated && keyFits, 'ALGORITHM_UNEXPECTED');
}

/**
 * Both checks are needed: the signature covers the attributes alone, and the digest among them is what ties it to the
 * token. After a change of the token the signature still verifies and only the digest tells.
 */
function assertSigned(token: PaymentToken, signature: PaymentSignature, leaf: TrustedLeaf): void {
  refuseUnless(signature.signerId.equals(leaf.issuerAndSerial), 'SIGNATURE_INVALID');
  const digest = createHash('sha256');
  for (const part of [token.keyMaterial, token.data, token.transactionId, token.applicationData])
    if (part !== null) digest.update(part);
  refuseUnless(digest.digest().equals(signature.messageDigest), 'DIGEST_MISMATCH');
  const signed = verify('sha256', signature.signedAttributes, leaf.key, signature.signature);
  refuseUnless(signed, 'SIGNATURE_INVALID');
}

function isInUse({ validFrom, validUntil }: AcceptedKey, at: Date): boolean {
  return (validFrom === undefined || at >= validFrom) && (validUntil === undefined || at < validUntil);
}

function isSame(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

function refuseUnless(holds: boolean, code: TokenRefusalCode): asserts holds {
  if (!holds) throw new TokenRefused(code, FIELD);
}
