import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readPort } from '../cli.config';

/** What a wallet network's app says about itself to the others. */
export interface NetworkManifest {
  readonly id: string;
  readonly country: string;
  readonly currency: string;
  /** The network's accounts in the ledger, by role. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** `apps/<app>/service.json`: all that the launcher knows about a service. */
export interface ServiceManifest {
  readonly name: string;
  readonly port: number;
  readonly database: string;
  readonly network?: NetworkManifest;
}

/** Services are found by pattern, so that another wallet network is another folder and no edit here. */
export function findServices(projectDir: string, env: NodeJS.ProcessEnv): ServiceManifest[] {
  const apps = path.join(projectDir, 'apps');
  return readdirSync(apps)
    .map((app) => path.join(apps, app, 'service.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as ServiceManifest)
    .map((manifest) => ({ ...manifest, port: readPort(env, portVariableOf(manifest.name), manifest.port) }))
    .sort((left, right) => left.name.localeCompare(right.name));
}

/** `us-wallet` listens where GATEWAY_US_WALLET_PORT says. */
export function portVariableOf(service: string): string {
  return `GATEWAY_${service.toUpperCase().replaceAll('-', '_')}_PORT`;
}

export function urlOf({ port }: ServiceManifest): string {
  return `http://127.0.0.1:${port}`;
}
