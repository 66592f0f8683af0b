import { createHash, X509Certificate } from 'node:crypto';

/**
 * How Alipay names a certificate: MD5 of the issuer's attributes in reverse order and the decimal serial number.
 * Protocol fact, not a choice: MD5 is an identifier here and protects nothing.
 */
export function certificateNumber(pem: string): string {
  const certificate = new X509Certificate(pem);
  const issuer = certificate.issuer.split('\n').reverse().join(',');
  const serial = BigInt(`0x${certificate.serialNumber}`).toString(10);
  return createHash('md5').update(`${issuer}${serial}`, 'utf8').digest('hex');
}

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The name of a root bundle: its RSA certificates' names joined. */
export function rootBundleNumber(bundle: string): string {
  return (bundle.match(PEM_BLOCK) ?? [])
    .filter((pem) => isSignedWithRsa(new X509Certificate(pem)))
    .map(certificateNumber)
    .join('_');
}

/** 1.2.840.113549.1.1.x in DER: the signature algorithms of the PKCS#1 family. */
const RSA_FAMILY = Buffer.from('2a864886f70d0101', 'hex');

function isSignedWithRsa(certificate: X509Certificate): boolean {
  const tail = certificate.raw.subarray(signatureAlgorithmOffset(certificate.raw));
  return tail.subarray(0, 32).includes(RSA_FAMILY);
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature }: where the second member begins. */
function signatureAlgorithmOffset(der: Buffer): number {
  const outer = contentOffset(der, 0);
  return contentOffset(der, outer) + contentLength(der, outer);
}

function contentOffset(der: Buffer, at: number): number {
  const first = der[at + 1] ?? 0;
  return at + 2 + (first < 0x80 ? 0 : first - 0x80);
}

function contentLength(der: Buffer, at: number): number {
  const first = der[at + 1] ?? 0;
  return first < 0x80 ? first : der.readUIntBE(at + 2, first - 0x80);
}
