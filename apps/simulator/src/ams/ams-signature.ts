import type { KeyObject } from 'node:crypto';
import { isSignedBy, signRsa } from '../pki/rsa';

/** What a signature of the cross-border API covers. */
export interface SignedMessage {
  /** Path and query as sent. */
  readonly path: string;
  readonly clientId: string;
  /** Request-Time or Response-Time, an opaque text. */
  readonly time: string;
  /** Raw body. */
  readonly body: string;
}

export function contentToSign({ path, clientId, time, body }: SignedMessage): string {
  return `POST ${path}\n${clientId}.${time}.${body}`;
}

export function signatureHeader(message: SignedMessage, key: KeyObject): string {
  return `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signRsa(contentToSign(message), key))}`;
}

/** Verifies a signature header; spaces after commas are allowed, other algorithms are not. */
export function isAuthentic(message: SignedMessage, header: string, key: KeyObject): boolean {
  const fields = new Map(
    header.split(',').map((field) => {
      const [name = '', ...value] = field.trim().split('=');
      return [name, value.join('=')] as const;
    }),
  );
  if (fields.get('algorithm') !== 'RSA256') return false;
  return isSignedBy(contentToSign(message), decode(fields.get('signature') ?? ''), key);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
