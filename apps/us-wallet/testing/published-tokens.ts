import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One Apple-signed token with what its publisher says of it. */
export interface PublishedToken {
  name: string;
  token: { paymentData: Record<string, unknown> & { header: Record<string, string> }; transactionIdentifier: string };
  expected: {
    version: string;
    merchantIdentifier: string;
    sharedSecretBase64?: string;
    symmetricKeyHex: string;
    plaintextUtf8: string;
    payload: Record<string, unknown>;
    signature: { cmsSigningTime: string };
  };
  /** The merchant's, as PEM. */
  certificate: string;
  privateKey: string;
}

const folder = join(resolve(process.env['GATEWAY_VECTORS'] ?? '../shared/vectors'), 'applepay');

/** The real tokens, or the reason why they cannot be tested with. */
export const publishedTokens: { tokens: PublishedToken[]; rootPem: string; missing: string | null } = existsSync(folder)
  ? {
      tokens: ['ec-new', 'ec-old', 'rsa'].map((name) => ({
        name,
        token: read(name, 'token.json') as PublishedToken['token'],
        expected: read(name, 'expected.json') as PublishedToken['expected'],
        certificate: text(name, 'certificate.pem'),
        privateKey: text(name, 'private_key.pem'),
      })),
      rootPem: readFileSync(join(folder, 'AppleRootCA-G3.pem'), 'utf8'),
      missing: null,
    }
  : { tokens: [], rootPem: '', missing: `no test data at ${folder}` };

function read(name: string, file: string): unknown {
  return JSON.parse(text(name, file));
}

function text(name: string, file: string): string {
  return readFileSync(join(folder, 'basis-theory', name, file), 'utf8');
}
