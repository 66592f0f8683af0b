import { existsSync } from 'node:fs';
import path from 'node:path';
import type { LocalRuntime, ServiceDatabase } from '@gateway/local-runtime';
import { type Migration, runMigrations } from '@gateway/persistence';
import { loadModule } from './load-module';
import type { ServiceManifest } from './service-manifest';

/** The apps beside this one, in whatever form this one runs. */
const APPS = path.resolve(__dirname, '../../..');

/** Makes the databases and brings each one's schema up to date, all services at once. */
export async function prepareDatabases(
  runtime: LocalRuntime,
  services: readonly ServiceManifest[],
): Promise<Record<string, ServiceDatabase>> {
  const databases = await runtime.ensureServiceDatabases(services.map(({ name }) => name));
  await Promise.all(services.map(({ name }) => migrate(name, databases[name])));
  return databases;
}

async function migrate(service: string, database: ServiceDatabase | undefined): Promise<void> {
  const module = path.join(APPS, service, 'src', 'migrations');
  if (!database || !existsSync(`${module}.js`)) return;
  const { migrations } = loadModule(module) as { migrations: readonly Migration[] };
  const runtimeRole = new URL(database.runtimeUrl).username;
  await runMigrations({ ownerUrl: database.ownerUrl, runtimeRole, migrations });
}
