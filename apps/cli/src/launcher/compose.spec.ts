import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findProjectFolder } from '@gateway/local-runtime';
import { findServices } from './service-manifest';

const project = findProjectFolder(__dirname);
const files = [
  path.join(project, 'docker', 'compose.yml'),
  ...readdirSync(path.join(project, 'apps')).map((app) => path.join(project, 'apps', app, 'compose.yml')),
].filter((file) => existsSync(file));
const compose = files.map((file) => readFileSync(file, 'utf8')).join('\n');

describe('docker/compose.yml with apps/*/compose.yml', () => {
  it.each(findServices(project, {}).map((service) => [service.name, service] as const))(
    'runs %s on its port and database',
    (name, { port, database }) => {
      const block = new RegExp(`^  ${name}:\\n(?:(?:    .*)?\\n)+`, 'm').exec(compose)?.[0] ?? '';
      expect(block).toContain(`APP: ${name}\n`);
      expect(block).toContain(`PORT: '${port}'\n`);
      expect(block).toContain(`@postgres:5432/${database}\n`);
    },
  );

  it('says nowhere where the services are: that is what their manifests say', () => {
    expect(compose).not.toMatch(/_URL: http|WALLET_NETWORKS/);
  });
});
