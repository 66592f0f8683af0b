import { X509Certificate } from 'node:crypto';
import { TokenRefused } from '../src/apple-pay/token-refusal';
import type { AcceptedKey, TokenVerifier } from '../src/apple-pay/token-verifier';
import { pinnedRoot, type TrustAnchor } from '../src/apple-pay/trust-anchor';
import type { TestChain } from './token-maker';

export function anchorOf(chain: TestChain): TrustAnchor {
  const certificate = new X509Certificate(Buffer.from(chain.root.rawData));
  return pinnedRoot(certificate.toString(), certificate.fingerprint256);
}

/** Keys without an end. */
export function keysNamed(...hashes: string[]): AcceptedKey[] {
  return hashes.map((publicKeyHash) => ({ publicKeyHash }));
}

/** The code of the refusal, or `accepted`. */
export function answer(verifier: TokenVerifier, token: unknown, application: Buffer | null = null): string {
  try {
    verifier.verify(token, application);
    return 'accepted';
  } catch (error) {
    if (error instanceof TokenRefused) return error.code;
    throw error;
  }
}

export function altered(base64: unknown, index: number): string {
  const bytes = Buffer.from(String(base64), 'base64');
  const at = index < 0 ? bytes.length + index : index;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64');
}
