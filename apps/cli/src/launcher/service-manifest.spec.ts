import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findServices, isSimulator } from './service-manifest';

describe('the services of a project', () => {
  const project = mkdtempSync(path.join(tmpdir(), 'services-'));
  const put = (folder: string, manifest: object): void => {
    mkdirSync(path.join(project, folder), { recursive: true });
    writeFileSync(path.join(project, folder, 'service.json'), JSON.stringify(manifest));
  };
  put('apps/b-wallet', { name: 'b-wallet', port: 2, database: 'b' });
  put('apps/b-wallet/simulator', { name: 'a-simulator', port: 3, database: 'a' });
  mkdirSync(path.join(project, 'apps', 'cli'));
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it('are the folders with a manifest, and the simulators inside them', () => {
    const found = findServices(project, {});
    expect(found.map(({ name, folder }) => [name, folder])).toEqual([
      ['a-simulator', 'apps/b-wallet/simulator'],
      ['b-wallet', 'apps/b-wallet'],
    ]);
    expect(found.filter(isSimulator).map(({ name }) => name)).toEqual(['a-simulator']);
  });
});
