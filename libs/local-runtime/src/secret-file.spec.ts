import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SecretFile } from './secret-file';

describe('the secrets of an installation', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
  const file = path.join(folder, 'secrets.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are drawn once and kept over restarts', () => {
    const drawn = new SecretFile(file).get('a');
    expect(drawn.length).toBeGreaterThanOrEqual(32);
    expect(new SecretFile(file).get('a')).toBe(drawn);
    expect(new SecretFile(file).get('b')).not.toBe(drawn);
  });

  it('can be read by their owner only', () => {
    new SecretFile(file).get('a');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
