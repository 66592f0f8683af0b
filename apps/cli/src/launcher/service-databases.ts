import { existsSync } from 'node:fs';
import path from 'node:path';
import type { LocalRuntime, ServiceDatabase } from '@gateway/local-runtime';
import { type Migration, runMigrations } from '@gateway/persistence';
import { loadModule } from './load-module';
import type { ServiceManifest } from './service-manifest';

/** The build that this is part of, or the project when it runs from its sources. */
const BUILD = path.resolve(__dirname, '../../../..');

/** Makes the databases and brings each one's schema up to date, all services at once. */
export async function prepareDatabases(
  runtime: LocalRuntime,
  services: readonly ServiceManifest[],
): Promise<Record<string, ServiceDatabase>> {
  const databases = await runtime.ensureServiceDatabases(services.map(({ name }) => name));
  await Promise.all(services.map(({ name, folder }) => migrate(folder, databases[name])));
  return databases;
}

async function migrate(folder: string, database: ServiceDatabase | undefined): Promise<void> {
  const module = path.join(BUILD, folder, 'src', 'migrations');
  if (!database || !existsSync(`${module}.js`)) return;
  const { migrations } = loadModule(module) as { migrations: readonly Migration[] };
  const runtimeRole = new URL(database.runtimeUrl).username;
  await runMigrations({ ownerUrl: database.ownerUrl, runtimeRole, migrations });
}
