import { TokenRefused } from './token-refusal';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const HEX = /^[0-9A-Fa-f]+$/;

/**
 * Decodes base64 in its one canonical form (RFC 4648 section 4): no white space, no URL alphabet, padding complete, no
 * stray bits at the end. Node's own decoder accepts all of these, which would let one token be written in many ways.
 */
export function strictBase64(text: string, field: string): Buffer {
  if (!BASE64.test(text)) throw new TokenRefused('ENCODING_INVALID', field);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new TokenRefused('ENCODING_INVALID', field);
  return bytes;
}

/** Decodes hexadecimal digits of either case; Node's own decoder stops silently at the first other character. */
export function strictHex(text: string, field: string): Buffer {
  if (!HEX.test(text) || text.length % 2 !== 0) throw new TokenRefused('ENCODING_INVALID', field);
  return Buffer.from(text, 'hex');
}
