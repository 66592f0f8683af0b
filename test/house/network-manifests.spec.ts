import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkDescription } from '@gateway/wallet-network';
import { chartRow } from '../../apps/fx-settlement/src/domain/chart-of-accounts';
import { findServices, type ServiceManifest } from '../../apps/cli/src/launcher/service-manifest';
import { project } from './source-files';

const networks = findServices(project, {}).flatMap((service) => (service.network ? [service] : []));

/** What the adapter describes: the only export of `<network>.description.ts` that looks like it. */
function descriptionOf({ folder }: ServiceManifest): NetworkDescription | undefined {
  const sources = join(project, folder, 'src');
  const file = readdirSync(sources).find((name) => name.endsWith('.description.ts'));
  if (file === undefined) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const exported = Object.values(require(join(sources, file)) as Record<string, unknown>);
  return exported.find((value): value is NetworkDescription => typeof value === 'object' && 'operations' in value!);
}

describe('the manifest of a wallet network', () => {
  it.each(networks.map((service) => [service.name, service] as const))(
    'of %s says what its adapter describes',
    (_name, service) => {
      const network = service.network!;
      const description = descriptionOf(service)!;
      expect(network).toMatchObject({ id: description.id, country: description.country });
      expect(description.currencies).toContain(network.currency);
      expect(network.capabilities?.funding).toEqual(description.funding);
      const credited = Object.values(network.capabilities?.credit ?? {}).includes(true);
      expect([credited, description.operations.credit !== undefined]).toEqual([
        description.canCredit,
        description.canCredit,
      ]);
    },
  );

  it.each(networks.map((service) => [service.name, service.network!] as const))(
    'of %s names accounts of the chart, for every role that it plays',
    (_name, { accounts, capabilities }) => {
      for (const code of Object.values(accounts)) expect(chartRow(code).type).toBe('asset');
      const fundings = Object.values(capabilities?.funding ?? {});
      const credits = Object.values(capabilities?.credit ?? {}).includes(true);
      const roles = [
        ...(fundings.length > 0 ? ['receivable'] : []),
        ...(fundings.includes('hold') ? ['hold'] : []),
        ...(credits ? ['float'] : []),
      ];
      expect(Object.keys(accounts)).toEqual(expect.arrayContaining(roles));
    },
  );

  it('shares id, port and database with no other', () => {
    const services = findServices(project, {});
    for (const values of [
      networks.map(({ network }) => network!.id),
      services.map(({ port }) => port),
      services.map(({ database }) => database),
      services.map(({ name }) => name),
    ]) {
      expect(new Set<unknown>(values).size).toBe(values.length);
    }
  });
});
