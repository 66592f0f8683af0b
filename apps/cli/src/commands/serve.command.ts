import path from 'node:path';
import { type CliConfig, UsageError } from '../cli.config';
import { loadModule } from '../launcher/load-module';
import { BY_NAME, neighboursOf } from '../launcher/service-environment';
import { findServices, urlOf } from '../launcher/service-manifest';
import type { Terminal } from '../terminal';

/**
 * Runs one service in this process, as containers do. What the launcher would have told it about its neighbours comes
 * from the manifests, their hosts being called like the services; what the environment says already stays.
 */
export async function serve(
  config: CliConfig,
  _terminal: Terminal,
  { args = [] }: { readonly args?: readonly string[] },
): Promise<void> {
  const services = findServices(config.projectDir, config.environment);
  const service = services.find(({ name }) => name === args[0]);
  if (!service) {
    throw new UsageError(`serve needs a service: one of ${services.map(({ name }) => name).join(', ')}.`);
  }
  const told = {
    PORT: String(service.port),
    // Networks send notifications to where the others find the service, too.
    NOTIFY_BASE_URL: urlOf(service, service.name),
    ...neighboursOf(service, services, BY_NAME),
  };
  for (const [name, value] of Object.entries(told)) process.env[name] ??= value;
  loadModule(path.join(config.projectDir, 'dist', service.folder, 'src', 'main.js'));
}
