import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { drawFreePorts, waitUntil } from '@gateway/local-runtime';
import { NODE_FLAGS } from '../apps/cli/src/launcher/node-flags';
import { environmentOf } from '../apps/cli/src/launcher/service-environment';
import { IN_PROCESS_NETWORKS } from './in-process-networks';
import { PROJECT, SERVICES, type ServiceName, type Servers, type Site } from './servers';

const READY_MS = 60_000;
const STOP_MS = 15_000;
/** How finely a profile is sampled, microseconds. */
const PROFILE_INTERVAL_US = 500;

/** What the services of one round share. */
export interface GatewaySettings {
  readonly servers: Servers;
  readonly site: Site;
  readonly sealKeyOf: (service: ServiceName) => string;
  readonly internalToken: string;
  /** Where fx-settlement gets its price and the comparison. */
  readonly feedUrl: string;
  readonly profileDir: string | null;
}

/** The gateway of one round: one instance per service, the wallets over in-process networks. */
export class RunningGateway {
  private constructor(
    private readonly children: ReadonlyMap<ServiceName, ChildProcess>,
    private readonly ports: ReadonlyMap<ServiceName, number>,
    private readonly settings: GatewaySettings,
  ) {}

  static async start(settings: GatewaySettings): Promise<RunningGateway> {
    const drawn = await drawFreePorts(SERVICES.length);
    const ports = new Map(SERVICES.map((name, index) => [name, drawn[index] ?? 0]));
    const children = new Map(SERVICES.map((name) => [name, launch(name, ports, settings)]));
    const gateway = new RunningGateway(children, ports, settings);
    const ready = await waitUntil(() => gateway.isReady(), READY_MS, 200);
    if (!ready) {
      await gateway.stop();
      throw new Error(`the services did not become ready; logs: ${path.join(settings.servers.dataDir, 'logs')}`);
    }
    return gateway;
  }

  urlOf(service: ServiceName): string {
    return `http://127.0.0.1:${this.ports.get(service)}`;
  }

  portOf(service: ServiceName): number {
    return this.ports.get(service) ?? 0;
  }

  pids(): Map<string, number> {
    return new Map([...this.children].map(([name, child]) => [name, child.pid ?? 0]));
  }

  /** A GET of an internal route. */
  async ask<T>(service: ServiceName, route: string): Promise<T> {
    const headers = { authorization: `Bearer ${this.settings.internalToken}` };
    const response = await fetch(`${this.urlOf(service)}${route}`, { headers });
    if (!response.ok) throw new Error(`${service} answered ${response.status} to ${route}`);
    return (await response.json()) as T;
  }

  async metrics(service: ServiceName): Promise<string> {
    return (await fetch(`${this.urlOf(service)}/metrics`)).text();
  }

  async stop(): Promise<void> {
    const running = [...this.children.values()].filter((child) => child.exitCode === null);
    for (const child of running) child.kill('SIGTERM');
    await waitUntil(() => running.every(hasEnded), STOP_MS);
    for (const child of running) if (!hasEnded(child)) child.kill('SIGKILL');
  }

  private async isReady(): Promise<boolean> {
    for (const [name, child] of this.children) {
      if (hasEnded(child)) throw new Error(`${name} has ended: ${lastLines(logOf(this.settings, name))}`);
      const answer = await fetch(`${this.urlOf(name)}/health/ready`).catch(() => null);
      if (answer?.ok !== true) return false;
    }
    return true;
  }
}

function launch(name: ServiceName, ports: ReadonlyMap<ServiceName, number>, settings: GatewaySettings): ChildProcess {
  const inProcess = IN_PROCESS_NETWORKS[name] !== undefined;
  const script = inProcess ? path.join(__dirname, 'wallet-service.js') : scriptOf(name);
  mkdirSync(path.dirname(logOf(settings, name)), { recursive: true });
  const log = openSync(logOf(settings, name), 'a');
  const child = fork(script, inProcess ? [name] : [], {
    env: environment(name, ports, settings),
    execArgv: [...NODE_FLAGS, ...profileArguments(settings.profileDir, name)],
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}

function environment(
  name: ServiceName,
  ports: ReadonlyMap<ServiceName, number>,
  settings: GatewaySettings,
): NodeJS.ProcessEnv {
  const { servers, site, feedUrl } = settings;
  const services = servers.manifests.map((service) => ({
    ...service,
    port: ports.get(service.name as ServiceName) ?? service.port,
  }));
  const service = services.find((one) => one.name === name)!;
  const environment = environmentOf(service, {
    services,
    kafkaBrokers: site.brokers,
    topicPrefix: site.topicPrefix,
    internalToken: settings.internalToken,
    simulatorControlToken: 'no simulator runs',
    sealKeyOf: (of) => settings.sealKeyOf(of as ServiceName),
    databaseUrlOf: (of) => site.databases[of as ServiceName].runtimeUrl,
    operatorVariables: {},
    inherited: { PATH: process.env.PATH, LOG_LEVEL: 'info' },
  });
  return { ...environment, TREASURY_RATES_URL: `${feedUrl}/treasury`, ECB_RATES: `${feedUrl}/ecb` };
}

function profileArguments(directory: string | null, name: ServiceName): string[] {
  if (directory === null) return [];
  return [
    '--cpu-prof',
    `--cpu-prof-interval=${PROFILE_INTERVAL_US}`,
    `--cpu-prof-dir=${directory}`,
    `--cpu-prof-name=${name}.cpuprofile`,
  ];
}

function scriptOf(name: ServiceName): string {
  return path.join(PROJECT, 'dist', 'apps', name, 'src', 'main.js');
}

function logOf({ servers, site }: GatewaySettings, name: string): string {
  return path.join(servers.dataDir, 'logs', `${site.name}-${name}.log`);
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3).join('\n');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
