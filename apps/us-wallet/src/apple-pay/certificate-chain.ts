import { X509Certificate, type KeyObject } from 'node:crypto';
import type { SignatureCertificate } from './payment-signature';
import { TokenRefused, type TokenRefusalCode } from './token-refusal';
import type { TrustAnchor } from './trust-anchor';

/** Marks a certificate that may sign payment tokens; presence counts, the value is nothing. */
const LEAF_MARK = '1.2.840.113635.100.6.29';
/** Marks Apple's intermediate authority for application integration. */
const INTERMEDIATE_MARK = '1.2.840.113635.100.6.2.14';
const FIELD = 'paymentData.signature';
/** Chains kept: Apple signs with a handful of certificates at any time. */
const KEPT_CHAINS = 64;

/** A leaf whose way to the root has been proven: the key that must have signed the token. */
export interface TrustedLeaf {
  key: KeyObject;
  issuerAndSerial: Buffer;
  /** When all certificates of the chain are valid at once. */
  validFrom: Date;
  validTo: Date;
}

/**
 * Proves the way from a signature's two certificates to the pinned root. A proven pair is remembered by its bytes:
 * checking the root's P-384 signature is twice the work of all the rest and never changes its answer.
 */
export class CertificateChains {
  private readonly proven = new Map<string, TrustedLeaf>();

  constructor(private readonly anchor: TrustAnchor) {}

  /** @throws TokenRefused CERTIFICATE_COUNT, LEAF_NOT_MARKED, INTERMEDIATE_NOT_MARKED, CHAIN_UNTRUSTED */
  leafOf(certificates: readonly SignatureCertificate[]): TrustedLeaf {
    refuseUnless(certificates.length === 2, 'CERTIFICATE_COUNT');
    const key = certificates.map(({ der }) => der.toString('latin1')).join('|');
    const known = this.proven.get(key);
    if (known) return known;
    const leaf = this.prove(certificates);
    const [oldest] = this.proven.keys();
    if (this.proven.size >= KEPT_CHAINS && oldest !== undefined) this.proven.delete(oldest);
    this.proven.set(key, leaf);
    return leaf;
  }

  private prove(certificates: readonly SignatureCertificate[]): TrustedLeaf {
    const leaf = certificates.find(({ extensions }) => extensions.has(LEAF_MARK));
    refuseUnless(leaf !== undefined, 'LEAF_NOT_MARKED');
    const intermediate = certificates.find((one) => one !== leaf && one.extensions.has(INTERMEDIATE_MARK));
    refuseUnless(intermediate !== undefined, 'INTERMEDIATE_NOT_MARKED');
    const signer = read(leaf);
    const authority = read(intermediate);
    refuseUnless(this.isIssuedByAnchor(authority) && isIssuedBy(signer, authority) && !signer.ca, 'CHAIN_UNTRUSTED');
    const starts = [signer.validFrom, authority.validFrom].map((at) => Date.parse(at));
    const ends = [signer.validTo, authority.validTo].map((at) => Date.parse(at));
    return {
      key: signer.publicKey,
      issuerAndSerial: leaf.issuerAndSerial,
      validFrom: new Date(Math.max(...starts, this.anchor.validFrom.getTime())),
      validTo: new Date(Math.min(...ends, this.anchor.validTo.getTime())),
    };
  }

  private isIssuedByAnchor(authority: X509Certificate): boolean {
    return authority.ca && authority.issuer === this.anchor.name && authority.verify(this.anchor.key);
  }
}

function isIssuedBy(signer: X509Certificate, authority: X509Certificate): boolean {
  return signer.checkIssued(authority) && signer.verify(authority.publicKey);
}

function read(certificate: SignatureCertificate): X509Certificate {
  try {
    return new X509Certificate(certificate.der);
  } catch {
    throw new TokenRefused('SIGNATURE_MALFORMED', FIELD);
  }
}

function refuseUnless(holds: boolean, code: TokenRefusalCode): asserts holds {
  if (!holds) throw new TokenRefused(code, FIELD);
}
