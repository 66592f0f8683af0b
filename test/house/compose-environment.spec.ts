import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '@gateway/platform';
import { BY_NAME, neighboursOf } from '../../apps/cli/src/launcher/service-environment';
import { findServices, isSimulator, type ServiceManifest } from '../../apps/cli/src/launcher/service-manifest';

type ConfigClass = new () => object;

const PROJECT = path.resolve(__dirname, '../..');
const services = findServices(PROJECT, {});
const composeFiles = [
  path.join(PROJECT, 'docker', 'compose.yml'),
  ...readdirSync(path.join(PROJECT, 'apps')).map((app) => path.join(PROJECT, 'apps', app, 'compose.yml')),
].filter((file) => existsSync(file));
const example = readFileSync(path.join(PROJECT, 'docker', '.env.example'), 'utf8');

/** The lines `KEY: value` that stand under a heading, with what `.env` would fill in. A key without value is passed on. */
function variablesUnder(text: string, heading: RegExp): Record<string, string> {
  const block = heading.exec(text)?.[1] ?? '';
  const lines = block.matchAll(/^ +([A-Z_]+): +(.+)$/gm);
  return Object.fromEntries(
    [...lines].map(([, name, value]): [string, string] => [name!, filledIn(value!.replace(/^'(.*)'$/, '$1'))]),
  );
}

/** As `.env.example` says how to make them. */
function filledIn(value: string): string {
  return value.replace(/\$\{([A-Z_]+)[^}]*\}/g, (_, name: string) =>
    name === 'SEAL_KEY' ? randomBytes(32).toString('base64') : randomBytes(24).toString('hex'),
  );
}

/** What a container of the service has in its environment, with what `serve` adds from the manifests. */
function containerOf(service: ServiceManifest): NodeJS.ProcessEnv {
  const file = composeFiles
    .map((one) => readFileSync(one, 'utf8'))
    .find((text) => text.includes(`\n  ${service.name}:\n`));
  const own = new RegExp(`^  ${service.name}:\\n((?:    .*\\n)+)`, 'm');
  return {
    ...neighboursOf(service, services, BY_NAME),
    ...variablesUnder(file ?? '', /^x-environment:.*\n((?: {2}.*\n)+)/m),
    ...variablesUnder(file ?? '', own),
  };
}

/** Every configuration class that a process of the service reads. */
async function configsOf({ folder, network, ...service }: ServiceManifest): Promise<ConfigClass[]> {
  const source = path.join(PROJECT, folder, 'src');
  const files = readdirSync(source).flatMap((name) => (name.endsWith('.config.ts') ? [path.join(source, name)] : []));
  if (!isSimulator({ folder, ...service })) files.push(path.join(PROJECT, 'libs/messaging/src/messaging.config.ts'));
  if (network) files.push(path.join(PROJECT, 'libs/wallet-network/src/wallet-runtime.config.ts'));
  const modules = await Promise.all(files.map(async (file) => (await import(file)) as Record<string, unknown>));
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is ConfigClass => typeof value === 'function' && isConfig(value.prototype));
}

function isConfig(prototype: unknown): boolean {
  return typeof prototype === 'object' && prototype !== null && Reflect.getMetadataKeys(prototype).length > 0;
}

describe('the compose files', () => {
  it.each(services.map((service) => [service.name, service] as const))(
    'give %s all that its configuration asks for',
    async (_, service) => {
      const environment = containerOf(service);
      const configs = await configsOf(service);
      expect(configs.length).toBeGreaterThan(0);
      for (const config of configs) expect(() => readConfig(config, environment)).not.toThrow();
    },
  );

  it('need nothing that .env.example does not list', () => {
    const named = composeFiles.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\$\{([A-Z_]+)/g)]);
    for (const [, name] of named) expect(example).toContain(`\n${name!}=`);
  });

  it("hand routing the identity provider that operators' tokens are verified by", () => {
    const routing = /^ {2}routing:\n((?: {4}.*\n)+)/m.exec(readFileSync(composeFiles[0]!, 'utf8'))?.[1] ?? '';
    for (const name of ['OPERATOR_ISSUER', 'OPERATOR_AUDIENCE', 'OPERATOR_JWKS']) {
      expect(routing).toContain(`      ${name}:\n`);
      expect(example).toContain(`# ${name}=`);
    }
  });
});
