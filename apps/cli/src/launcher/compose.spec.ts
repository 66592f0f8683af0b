import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findProjectFolder } from '@gateway/local-runtime';
import { describeNetworks } from './service-environment';
import { findServices } from './service-manifest';

const project = findProjectFolder(__dirname);
const compose = readFileSync(path.join(project, 'docker', 'compose.yml'), 'utf8');
const services = findServices(project, {});

describe('docker/compose.yml', () => {
  it.each(services.map((service) => [service.name, service] as const))(
    'runs %s on its port and database',
    (name, { port, database }) => {
      const block = new RegExp(`^  ${name}:\\n(?:(?:    .*)?\\n)+`, 'm').exec(compose)?.[0] ?? '';
      expect(block).toContain(`APP: ${name}\n`);
      expect(block).toContain(`PORT: '${port}'\n`);
      expect(block).toContain(`@postgres:5432/${database}\n`);
    },
  );

  it('tells every service the same wallet networks as the launcher does', () => {
    const told = JSON.parse(/WALLET_NETWORKS: >-\n((?: {4}.*\n)+)/.exec(compose)?.[1] ?? '[]') as {
      url: string;
      service: string;
    }[];
    const local = told.map((network) => ({ ...network, url: network.url.replace(network.service, '127.0.0.1') }));
    const byId = (left: object, right: object): number => JSON.stringify(left).localeCompare(JSON.stringify(right));
    expect(local.sort(byId)).toEqual((describeNetworks(services) as typeof local).sort(byId));
  });
});
