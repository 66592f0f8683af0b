import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { AmsSigner, AmsVerifier, type AmsMessage } from './ams-signature';

const vectors = process.env.GATEWAY_VECTORS ?? join(__dirname, '../../../../../shared/vectors');
const oracleFile = join(vectors, 'alipay/ams/signature-oracle.global-open-sdk-python-1.5.5.json');
const present = existsSync(oracleFile);
const withOracle = present ? describe : describe.skip;

interface Oracle {
  privateKeyFile: string;
  publicKeyFile: string;
  cases: { path: string; clientId: string; time: string; body: string; signatureHeader: string }[];
}

withOracle(`AMS signatures against the official SDK's (vectors ${present ? 'present' : 'absent: skipped'})`, () => {
  const oracle = present
    ? (JSON.parse(readFileSync(oracleFile, 'utf8')) as Oracle)
    : { cases: [], privateKeyFile: '', publicKeyFile: '' };
  const pem = (name: string): string => readFileSync(join(vectors, 'alipay/ams', name), 'utf8');

  it.each(oracle.cases)('signs $path byte for byte as the official SDK does', async (sample) => {
    const signer = new AmsSigner(pem(oracle.privateKeyFile), 1);
    expect(await signer.header({ method: 'POST', ...sample })).toBe(sample.signatureHeader);
  });

  it.each(oracle.cases)('accepts the official signature of $path and refuses it for another body', (sample) => {
    const verifier = new AmsVerifier({ '1': pem(oracle.publicKeyFile) });
    expect(verifier.accepts({ method: 'POST', ...sample }, sample.signatureHeader)).toBe(true);
    expect(verifier.accepts({ method: 'POST', ...sample, body: `${sample.body} ` }, sample.signatureHeader)).toBe(
      false,
    );
  });
});

describe('AMS signatures', () => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const message: AmsMessage = { method: 'POST', path: '/n', clientId: 'C', time: '1', body: '{"a":"b"}' };
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
  const verifier = new AmsVerifier({ '1': other as string, '2': pair.publicKey });
  let header: string;
  beforeAll(async () => {
    header = await new AmsSigner(pair.privateKey, 2).header(message);
  });

  it('reads a header with spaces after the commas', () => {
    expect(verifier.accepts(message, header.replaceAll(',', ', '))).toBe(true);
  });

  it.each([
    ['no header', () => undefined],
    ['an empty header', () => ''],
    ['another algorithm', (good: string) => good.replace('RSA256', 'RSA1')],
    ['no algorithm', (good: string) => good.replace('algorithm=RSA256,', '')],
    ['the version of another key', (good: string) => good.replace('keyVersion=2', 'keyVersion=1')],
    ['a version that nobody has', (good: string) => good.replace('keyVersion=2', 'keyVersion=3')],
    ['no version', (good: string) => good.replace('keyVersion=2,', '')],
    ['an altered signature', (good: string) => good.replace(/.{6}$/, 'AAAAAA')],
    ['a broken percent code', () => 'algorithm=RSA256,keyVersion=1,signature=%E0%A4%A'],
  ])('refuses %s', (_name, alter) => {
    expect(verifier.accepts(message, alter(header))).toBe(false);
  });

  it.each(['path', 'clientId', 'time', 'body'] as const)('refuses a message whose %s was altered', (field) => {
    expect(verifier.accepts({ ...message, [field]: `${message[field]}x` }, header)).toBe(false);
  });
});
