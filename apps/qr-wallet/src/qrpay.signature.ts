import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** A request as QRPay signs it; notifications are requests the other way and are signed in the same form. */
export interface SignedRequest {
  method: string;
  /** Path and query as sent. */
  path: string;
  merchantId: string;
  /** Instant in ISO 8601, as in the header. */
  timestamp: string;
  body: string | Buffer;
}

/** An answer as QRPay signs it: tied to the request by that one's signature, so that no older answer can be put in its place. */
export interface SignedAnswer {
  status: number;
  requestSignature: string;
  timestamp: string;
  body: string | Buffer;
}

const SIGNATURE_FORM = /^[A-Za-z0-9+/]{86}==$/;

function textOfRequest({ method, path, merchantId, timestamp, body }: SignedRequest): Buffer {
  return Buffer.from([method, path, merchantId, timestamp, digestOf(body)].join('\n'), 'utf8');
}

function textOfAnswer({ status, requestSignature, timestamp, body }: SignedAnswer): Buffer {
  return Buffer.from([String(status), requestSignature, timestamp, digestOf(body)].join('\n'), 'utf8');
}

function digestOf(body: string | Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Signs requests as the merchant: Ed25519, base64. */
export class QrpaySigner {
  private readonly key: KeyObject;

  constructor(privateKeyPem: string) {
    this.key = createPrivateKey(privateKeyPem);
  }

  sign(request: SignedRequest): string {
    return sign(null, textOfRequest(request), this.key).toString('base64');
  }
}

/** Verifies what QRPay signed: its answers and its notifications. Never throws. */
export class QrpayVerifier {
  private readonly key: KeyObject;

  constructor(publicKeyPem: string) {
    this.key = createPublicKey(publicKeyPem);
    if (this.key.asymmetricKeyType !== 'ed25519') throw new Error('The public key of QRPay is an Ed25519 key.');
  }

  acceptsAnswer(answer: SignedAnswer, signature: string | null): boolean {
    return this.accepts(textOfAnswer(answer), signature);
  }

  acceptsNotification(notification: SignedRequest, signature: string | undefined): boolean {
    return this.accepts(textOfRequest(notification), signature ?? null);
  }

  /** Only the one canonical spelling of a signature is accepted: decoding base64 is lenient. */
  private accepts(text: Buffer, signature: string | null): boolean {
    if (signature === null || !SIGNATURE_FORM.test(signature)) return false;
    const bytes = Buffer.from(signature, 'base64');
    return bytes.toString('base64') === signature && verify(null, text, this.key, bytes);
  }
}
