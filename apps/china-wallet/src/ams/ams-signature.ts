import { sign, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { privateKeyOf, publicKeyOf } from '../alipay-keys';

/** What AMS signs: method, path with query, client id, time and the body exactly as sent (docs: "Sign a request"). */
export interface AmsMessage {
  method: 'POST';
  path: string;
  clientId: string;
  /** `Request-Time` of a request or `Response-Time` of an answer; opaque text. */
  time: string;
  body: string;
}

const ALGORITHM = 'RSA-SHA256';
/** In a worker thread: a signature takes ten times as long as its verification and would hold all other requests up. */
const signAside = promisify(sign);
const SIGNATURE_PART = /(?:^|[,\s])signature=([^,\s]+)/;
const ALGORITHM_PART = /(?:^|[,\s])algorithm=([^,\s]+)/;
const VERSION_PART = /(?:^|[,\s])keyVersion=([^,\s]+)/;

function contentOf(message: AmsMessage): Buffer {
  return Buffer.from(`${message.method} ${message.path}\n${message.clientId}.${message.time}.${message.body}`, 'utf8');
}

/** Signs requests as our client: RSA256 (SHA256withRSA, PKCS#1 v1.5), base64, then URL-encoded. */
export class AmsSigner {
  private readonly key: KeyObject;

  constructor(
    privateKey: string,
    private readonly keyVersion: number,
  ) {
    this.key = privateKeyOf(privateKey, 'ams.private_key');
  }

  /** The whole `Signature` header. */
  async header(message: AmsMessage): Promise<string> {
    const signature = await signAside(ALGORITHM, contentOf(message), this.key);
    const text = encodeURIComponent(signature.toString('base64'));
    return `algorithm=RSA256,keyVersion=${this.keyVersion},signature=${text}`;
  }
}

/** Alipay's public keys by their versions: while Alipay changes its key, answers of both come in. */
export type AmsPublicKeys = Readonly<Record<string, string>>;

/** Verifies what Alipay signed: its answers and its notifications. */
export class AmsVerifier {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor(publicKeys: AmsPublicKeys) {
    const versions = Object.entries(publicKeys);
    this.keys = new Map(
      versions.map(([version, key]) => [version, publicKeyOf(key, `ams.alipay_public_key ${version}`)]),
    );
  }

  /**
   * False for a missing, foreign or altered signature, for a key version that we do not have, and for any algorithm but
   * RSA256. Never throws.
   */
  accepts(message: AmsMessage, header: string | undefined): boolean {
    if (header === undefined || partOf(header, ALGORITHM_PART).toUpperCase() !== 'RSA256') return false;
    const encoded = partOf(header, SIGNATURE_PART);
    const key = this.keys.get(partOf(header, VERSION_PART));
    if (encoded === '' || key === undefined) return false;
    try {
      const text = decodeURIComponent(encoded);
      const bytes = Buffer.from(text, 'base64');
      // Decoding is lenient; only the one canonical spelling of a signature is accepted.
      return bytes.toString('base64') === text && verify(ALGORITHM, contentOf(message), key, bytes);
    } catch {
      return false;
    }
  }
}

/** Empty where the header has no such part. */
function partOf(header: string, part: RegExp): string {
  return part.exec(header)?.[1] ?? '';
}
