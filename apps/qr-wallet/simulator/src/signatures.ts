import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** What QRPay's rules sign of a request: of the merchant's, and of QRPay's own notifications. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly merchant: string;
  readonly time: string;
}

const MOST_SKEW_MS = 5 * 60_000;

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** `method \n path \n merchant \n time \n SHA-256 of the body` in Ed25519, base64. */
export function requestText({ method, path, merchant, time }: RequestLine, body: Buffer | string): Buffer {
  return Buffer.from(`${method}\n${path}\n${merchant}\n${time}\n${sha256(body)}`);
}

/** `status \n signature of the request \n time \n SHA-256 of the body`: an answer belongs to one request. */
export function answerText(status: number, requestSignature: string, time: string, body: string): Buffer {
  return Buffer.from(`${status}\n${requestSignature}\n${time}\n${sha256(body)}`);
}

export function signedBy(key: KeyObject, text: Buffer): string {
  return sign(null, text, key).toString('base64');
}

/** True for the merchant's own signature, made within five minutes of the machine's clock. */
export function isAuthentic(line: RequestLine, body: Buffer, signature: string, publicKey: string): boolean {
  const skew = Math.abs(Date.now() - Date.parse(line.time));
  if (!(skew <= MOST_SKEW_MS)) return false;
  const bytes = Buffer.from(signature, 'base64');
  return bytes.length === 64 && verify(null, requestText(line, body), createPublicKey(publicKey), bytes);
}
