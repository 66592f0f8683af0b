import { createHash, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';

/** The root that a token's certificates must lead to (RFC 5280, 6.1.1 d): a name and a key, and how long it is valid. */
export interface TrustAnchor {
  /** As `X509Certificate.issuer` prints it. */
  name: string;
  key: KeyObject;
  validFrom: Date;
  validTo: Date;
}

/** SHA-256 of the certificate of Apple Root CA - G3, as Apple publishes it. */
export const APPLE_ROOT_CA_G3_SHA256 = '63343abfb89a6a03ebb57e9b3f5fa7be7c4f5c756f3017b3a8c488c3653e9179';

/** Name, key and validity of that certificate, so that nothing has to be fetched to verify a token. */
export function appleRootCaG3(): TrustAnchor {
  return {
    name: 'CN=Apple Root CA - G3\nOU=Apple Certification Authority\nO=Apple Inc.\nC=US',
    key: createPublicKey({
      key: Buffer.from(
        'MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEmOkvPUBypO2TInKBExzdEJXxxaNOcdwUFtkO5aYFKndke19OONO7HES1' +
          'f/UftjJiXcnphFtPME8RWgD9WFgMpfUPLE0HRxN12peXl28xXO0rnXsgO9i5VNlemaQ6UQox',
        'base64',
      ),
      format: 'der',
      type: 'spki',
    }),
    validFrom: new Date('2014-04-30T18:19:06Z'),
    validTo: new Date('2039-04-30T18:19:06Z'),
  };
}

/**
 * A root given as PEM: Apple's next one, or a test root. It is believed only if its SHA-256 is the pinned one.
 * @throws Error where the certificate is another one, or does not carry its own signature.
 */
export function pinnedRoot(pem: string, sha256Hex: string): TrustAnchor {
  const certificate = new X509Certificate(pem);
  const fingerprint = createHash('sha256').update(certificate.raw).digest('hex');
  if (fingerprint !== sha256Hex.toLowerCase().replaceAll(':', ''))
    throw new Error('the root certificate is not the pinned one');
  if (!certificate.ca || !certificate.verify(certificate.publicKey))
    throw new Error('the root certificate is not a self-signed authority');
  return {
    name: certificate.subject,
    key: certificate.publicKey,
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  };
}
