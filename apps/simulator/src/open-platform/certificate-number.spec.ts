import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { certificateNumber, rootBundleNumber } from './certificate-number';

interface NumberVectors {
  app: { file: string; sn: string };
  alipayPublic: { file: string; sn: string };
  root: { file: string; sn: string };
}

const vectors = path.join(process.env['GATEWAY_VECTORS'] ?? path.resolve('../shared/vectors'), 'alipay/open-platform');
const file = path.join(vectors, 'cert-sn-vectors.json');
const present = existsSync(file);
const withVectors = present ? describe : describe.skip;

withVectors(`names of real certificates (vectors ${present ? 'present' : 'absent: skipped'})`, () => {
  const known = present ? (JSON.parse(readFileSync(file, 'utf8')) as NumberVectors) : undefined;
  const pem = (name = ''): string => readFileSync(path.join(vectors, name), 'utf8');

  it('are what Alipay calls them', () => {
    expect(certificateNumber(pem(known?.app.file))).toBe(known?.app.sn);
    expect(certificateNumber(pem(known?.alipayPublic.file))).toBe(known?.alipayPublic.sn);
  });

  it('of a root bundle count its RSA certificates only', () => {
    expect(rootBundleNumber(pem(known?.root.file))).toBe(known?.root.sn);
  });
});
