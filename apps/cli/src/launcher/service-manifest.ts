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
  /** By purpose: how payers are funded here, and what can be credited. What no payment can do is refused with its quote. */
  readonly capabilities?: {
    readonly funding: Readonly<Record<string, 'hold' | 'collect'>>;
    readonly credit: Readonly<Record<string, boolean>>;
  };
}

/** A `service.json`: all that the launcher knows about a service. */
export interface ServiceManifest {
  readonly name: string;
  /** Where it lies in the project, and below `dist` in the build: `apps/us-wallet`. */
  readonly folder: string;
  readonly port: number;
  readonly database: string;
  readonly network?: NetworkManifest;
}

/** A wallet network may bring its own part of the outside world: another process, in this folder of its own folder. */
const OWN_SIMULATOR = 'simulator';

/**
 * Services are found by pattern, so that another wallet network is another folder and no edit here: every
 * `apps/<app>/service.json`, and every `apps/<app>/simulator/service.json`.
 */
export function findServices(projectDir: string, env: NodeJS.ProcessEnv): ServiceManifest[] {
  return readdirSync(path.join(projectDir, 'apps'))
    .flatMap((app) => [`apps/${app}`, `apps/${app}/${OWN_SIMULATOR}`])
    .filter((folder) => existsSync(path.join(projectDir, folder, 'service.json')))
    .map((folder) => ({ ...readManifest(path.join(projectDir, folder, 'service.json')), folder }))
    .map((manifest) => ({ ...manifest, port: readPort(env, portVariableOf(manifest.name), manifest.port) }))
    .sort((left, right) => left.name.localeCompare(right.name));
}

function readManifest(file: string): Omit<ServiceManifest, 'folder'> {
  return JSON.parse(readFileSync(file, 'utf8')) as Omit<ServiceManifest, 'folder'>;
}

/** The simulator that a service talks to: the one in its own folder, else the common one. */
export function simulatorOf(
  service: ServiceManifest,
  services: readonly ServiceManifest[],
): ServiceManifest | undefined {
  const at = (folder: string): ServiceManifest | undefined => services.find((other) => other.folder === folder);
  return isSimulator(service) ? service : (at(`${service.folder}/${OWN_SIMULATOR}`) ?? at(`apps/${OWN_SIMULATOR}`));
}

/** Simulators play the outside world: they publish nothing, so they have no audit topic. */
export function isSimulator({ folder }: ServiceManifest): boolean {
  return path.posix.basename(folder) === OWN_SIMULATOR;
}

/** `us-wallet` listens where GATEWAY_US_WALLET_PORT says. */
export function portVariableOf(service: string): string {
  return `GATEWAY_${service.toUpperCase().replaceAll('-', '_')}_PORT`;
}

/** Its address on this machine, or at the host where something else than the launcher runs it. */
export function urlOf({ port }: ServiceManifest, host = '127.0.0.1'): string {
  return `http://${host}:${port}`;
}
