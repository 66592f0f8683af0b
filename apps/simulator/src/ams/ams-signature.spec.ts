import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { contentToSign, isAuthentic, signatureHeader } from './ams-signature';

interface Oracle {
  privateKeyFile: string;
  cases: {
    path: string;
    clientId: string;
    time: string;
    body: string;
    contentToSign: string;
    signatureHeader: string;
  }[];
}

const vectors = path.join(process.env['GATEWAY_VECTORS'] ?? path.resolve('../shared/vectors'), 'alipay/ams');
const oracleFile = path.join(vectors, 'signature-oracle.global-open-sdk-python-1.5.5.json');
const present = existsSync(oracleFile);
const withVectors = present ? describe : describe.skip;

withVectors(`signatures of the official Python client (vectors ${present ? 'present' : 'absent: skipped'})`, () => {
  const oracle = present ? (JSON.parse(readFileSync(oracleFile, 'utf8')) as Oracle) : { privateKeyFile: '', cases: [] };
  const key = present ? createPrivateKey(readFileSync(path.join(vectors, oracle.privateKeyFile))) : undefined;

  it('are made byte for byte', () => {
    expect(oracle.cases).toHaveLength(3);
    for (const one of oracle.cases) {
      expect(contentToSign(one)).toBe(one.contentToSign);
      expect(signatureHeader(one, key!)).toBe(one.signatureHeader);
    }
  });

  it('are accepted, also with spaces after the commas', () => {
    for (const one of oracle.cases) {
      expect(isAuthentic(one, one.signatureHeader, key!)).toBe(true);
      expect(isAuthentic(one, one.signatureHeader.replaceAll(',', ', '), key!)).toBe(true);
    }
  });
});

describe('a signature header', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const message = { path: '/ams/api/v1/payments/pay', clientId: 'C', time: '1', body: '{"a":"1"}' };
  const header = signatureHeader(message, privateKey);

  it.each([
    ['another path', { ...message, path: '/ams/api/v1/payments/cancel' }],
    ['another client', { ...message, clientId: 'D' }],
    ['another time', { ...message, time: '2' }],
    ['another body', { ...message, body: '{"a": "1"}' }],
  ])('does not fit %s', (_, changed) => {
    expect(isAuthentic(changed, header, privateKey)).toBe(false);
  });

  it.each(['', 'signature=', 'algorithm=RSA256', 'algorithm=RSA256,signature=%', 'algorithm=none,signature=AAAA'])(
    'is refused when it reads "%s"',
    (broken) => {
      expect(isAuthentic(message, broken, privateKey)).toBe(false);
    },
  );
});
