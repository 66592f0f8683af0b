import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { contentToSign, isAuthenticRequest, mergeParameters } from './gateway-message';
import { fenOf, yuanOf } from './transfer';

interface Oracle {
  privateKeyFile: string;
  cases: { contentToSign: string; encodedQuery: string }[];
}

const vectors = path.join(process.env['GATEWAY_VECTORS'] ?? path.resolve('../shared/vectors'), 'alipay/open-platform');
const file = path.join(vectors, 'request-signing-oracle.alipay-sdk-4.14.0.json');
const present = existsSync(file);
const withVectors = present ? describe : describe.skip;

withVectors(`requests of the official Node client (vectors ${present ? 'present' : 'absent: skipped'})`, () => {
  const oracle = present ? (JSON.parse(readFileSync(file, 'utf8')) as Oracle) : { privateKeyFile: '', cases: [] };

  it('are authentic wherever their parameters are put, and not when one is changed', () => {
    const key = createPrivateKey(readFileSync(path.join(vectors, oracle.privateKeyFile)));
    expect(oracle.cases.length).toBeGreaterThan(0);
    for (const one of oracle.cases) {
      const pairs = one.encodedQuery.split('&');
      const form = pairs.filter((pair) => pair.startsWith('biz_content='));
      const query = pairs.filter((pair) => !pair.startsWith('biz_content='));
      const merged = mergeParameters(query.join('&'), form.join('&'));
      expect(contentToSign(merged, ['sign'])).toBe(one.contentToSign);
      expect(isAuthenticRequest(merged, key)).toBe(true);
      expect(isAuthenticRequest(new Map([...merged, ['version', '1.1']]), key)).toBe(false);
    }
  });
});

describe('yuan', () => {
  it.each([
    ['360.21', 36021n],
    ['0.01', 1n],
    ['5', 500n],
    ['5.1', 510n],
  ])('%s is %s fen', (yuan, fen) => {
    expect(fenOf(yuan)).toBe(fen);
  });

  it.each(['0', '0.00', '-1', '1.234', '01.00', '1e3', '', ' 1', '1,000.00'])('"%s" is no amount', (yuan) => {
    expect(fenOf(yuan)).toBeUndefined();
  });

  it('are written with two places', () => {
    expect([1n, 10n, 100n, 36021n].map(yuanOf)).toEqual(['0.01', '0.10', '1.00', '360.21']);
  });
});
