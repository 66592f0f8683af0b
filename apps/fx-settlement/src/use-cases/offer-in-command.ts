import { createHash } from 'node:crypto';

/** What a reserve command's offer says it is. The digest proves whether it is the very offer that we issued. */
export interface ShownOffer {
  readonly quoteId: string;
  readonly digest: string;
}

/** Reads the quote id of a compact JWS. Undefined for a text that is none; the signature is not asked here. */
export function readOffer(offer: string): ShownOffer | undefined {
  const [, payload] = offer.split('.');
  try {
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8')) as {
      quote_id?: unknown;
    } | null;
    const quoteId = claims?.quote_id;
    return typeof quoteId === 'string' ? { quoteId, digest: digestOf(offer) } : undefined;
  } catch {
    return undefined;
  }
}

/** SHA-256 of an offer, hexadecimal. */
export function digestOf(offer: string): string {
  return createHash('sha256').update(offer).digest('hex');
}
