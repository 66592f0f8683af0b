import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chooseDataFolder, drawFreePorts, findProjectFolder, LocalRuntime, waitUntil } from '@gateway/local-runtime';
import { Client } from 'pg';
import type { ServiceDatabase } from '@gateway/local-runtime';
import { environmentOf, type AddressBook } from '../../apps/cli/src/launcher/service-environment';
import { findServices, isSimulator, urlOf, type ServiceManifest } from '../../apps/cli/src/launcher/service-manifest';
import { ServiceProcess } from '../../apps/cli/src/launcher/service-process';

const PROJECT = findProjectFolder(__dirname);
const TOPIC_PREFIX = 'crash.';
/** The services that a payment between Apple Pay and Alipay passes; each runs twice. */
export const SERVICES = ['routing', 'us-wallet', 'china-wallet', 'fx-settlement', 'compliance'] as const;
export type ServiceName = (typeof SERVICES)[number];
/** The world outside. */
export const SIMULATOR = 'simulator';
const INSTANCES = [1, 2] as const;

/** What a killed process rests before it is started again. */
export const REST_MS = 1_000;
const READY_MS = 120_000;
const STOP_MS = 10_000;

/** One process of a service that runs more than once. */
export interface Instance {
  readonly name: string;
  readonly service: string;
  readonly process: ServiceProcess;
}

/** The addresses and secrets of an installation, all drawn anew. */
interface Secrets {
  readonly internalToken: string;
  readonly controlToken: string;
  readonly sealKeys: Readonly<Record<string, string>>;
  readonly ownerPassword: string;
  readonly runtimePassword: string;
}

/**
 * A gateway with two instances of each service, on a PostgreSQL and a broker of its own that may be killed. Each instance
 * knows both of every other service. The world outside is one simulator.
 */
export class CrashInstallation {
  constructor(
    readonly dataDir: string,
    readonly runtime: LocalRuntime,
    readonly instances: readonly Instance[],
    readonly simulator: Instance,
    private readonly addresses: Readonly<Record<string, string>>,
    private readonly secrets: Secrets,
    readonly databases: Readonly<Record<string, ServiceDatabase>>,
  ) {}

  static async start(say: (line: string) => void): Promise<CrashInstallation> {
    // Below `tests`, by our pid: what a killed run leaves behind is ended and removed by the next one.
    const dataDir = path.join(chooseDataFolder(PROJECT, process.env.GATEWAY_DATA), 'tests', String(process.pid));
    const [postgres = 0, kafka = 0, kafkaController = 0] = await drawFreePorts(3);
    const runtime = LocalRuntime.open({ dataDir, ports: { postgres, kafka, kafkaController }, say });
    try {
      await runtime.up();
      return await startServices(dataDir, runtime, say);
    } catch (error) {
      await runtime.halt();
      throw error;
    }
  }

  get partnerApis(): string[] {
    return this.instances.filter(({ service }) => service === 'routing').map(({ name }) => this.urlOf(name));
  }

  get brokers(): string[] {
    return this.runtime.kafkaBrokers;
  }

  get topicPrefix(): string {
    return TOPIC_PREFIX;
  }

  get controlToken(): string {
    return this.secrets.controlToken;
  }

  get internalToken(): string {
    return this.secrets.internalToken;
  }

  urlOf(instance: string): string {
    return this.addresses[instance] ?? '';
  }

  /** The log of a process, as far as it has got. */
  logOf(instance: string): string {
    return readFileSync(path.join(this.dataDir, 'logs', `${instance}.log`), 'utf8');
  }

  async stop(keepFolder: boolean): Promise<void> {
    const all = [...this.instances, this.simulator];
    await Promise.all(all.map(({ process }) => process.stop(STOP_MS)));
    await this.runtime.down();
    if (!keepFolder) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

async function startServices(
  dataDir: string,
  runtime: LocalRuntime,
  say: (line: string) => void,
): Promise<CrashInstallation> {
  const manifests = findServices(PROJECT, {}).filter(
    ({ name, folder }) => (SERVICES as readonly string[]).includes(name) || folder === `apps/${SIMULATOR}`,
  );
  const secrets = drawSecrets(manifests);
  const databases = await prepare(dataDir, runtime, manifests, secrets);
  await checkpoint(runtime.databaseUrl);
  say('Schemas and topics are made');
  const ports = await drawFreePorts(manifests.length * INSTANCES.length);
  const world = { ...manifests.find(isSimulator)!, port: ports.pop() ?? 0 };
  const sites = INSTANCES.map(() =>
    manifests.map((one) => (isSimulator(one) ? world : { ...one, port: ports.pop() ?? 0 })),
  );
  const addressesOf = ({ name }: ServiceManifest): string[] =>
    [...new Set(sites.flat().filter((one) => one.name === name))].map((one) => urlOf(one));
  const launch = (service: ServiceManifest, number: number): Instance =>
    instanceOf(service, number, { dataDir, runtime, site: sites[number - 1]!, addressesOf, secrets, databases });
  const ofServices = sites.flatMap((site, at) =>
    site.filter((service) => !isSimulator(service)).map((service) => ({ service, instance: launch(service, at + 1) })),
  );
  const simulator = launch(world, 1);
  const instances = ofServices.map(({ instance }) => instance);
  const addresses = Object.fromEntries([
    ...ofServices.map(({ service, instance }) => [instance.name, urlOf(service)] as const),
    [simulator.name, urlOf(world)] as const,
  ]);
  for (const { process } of [simulator, ...instances]) process.start();
  const installation = new CrashInstallation(dataDir, runtime, instances, simulator, addresses, secrets, databases);
  await untilReady(installation, say);
  return installation;
}

async function untilReady(installation: CrashInstallation, say: (line: string) => void): Promise<void> {
  const all = [installation.simulator, ...installation.instances];
  const waiting = async (): Promise<Instance[]> => {
    const ready = await Promise.all(all.map(({ process }) => process.isReady()));
    return all.filter((_, at) => !ready[at]);
  };
  if (await waitUntil(async () => (await waiting()).length === 0, READY_MS, 300)) {
    return say(`${all.length} processes are ready`);
  }
  const words = (await waiting()).map(({ name, process }) => `${name}: ${process.lastWords()}`).join('\n');
  await installation.stop(true);
  throw new Error(`not ready within ${READY_MS / 1000} s:\n${words}`);
}

interface Surroundings {
  readonly dataDir: string;
  readonly runtime: LocalRuntime;
  readonly site: readonly ServiceManifest[];
  readonly addressesOf: AddressBook;
  readonly secrets: Secrets;
  readonly databases: Readonly<Record<string, ServiceDatabase>>;
}

function instanceOf(service: ServiceManifest, number: number, around: Surroundings): Instance {
  const name = isSimulator(service) ? service.name : `${service.name}-${number}`;
  const { runtime, site, addressesOf, secrets, databases } = around;
  const environment = environmentOf(service, {
    services: site,
    addressesOf,
    kafkaBrokers: runtime.kafkaBrokers,
    topicPrefix: TOPIC_PREFIX,
    internalToken: secrets.internalToken,
    simulatorControlToken: secrets.controlToken,
    sealKeyOf: (of) => secrets.sealKeys[of] ?? '',
    databaseUrlOf: (of) => databases[of]?.runtimeUrl ?? '',
    operatorVariables: {},
    inherited: { PATH: process.env.PATH, ENQUIRY_PROFILE: 'short' },
  });
  const launched = new ServiceProcess({
    name,
    script: path.join(PROJECT, 'dist', service.folder, 'src', 'main.js'),
    url: urlOf(service),
    logFile: path.join(around.dataDir, 'logs', `${name}.log`),
    environment: { ...environment, INSTANCE: String(number) },
    firstPauseMs: REST_MS,
    onCrash: () => undefined,
    onLaunch: () => undefined,
  });
  return { name, service: service.name, process: launched };
}

/** Databases, schemas and topics by the step that a deployment uses before it starts its containers. */
async function prepare(
  dataDir: string,
  runtime: LocalRuntime,
  manifests: readonly ServiceManifest[],
  secrets: Secrets,
): Promise<Record<string, ServiceDatabase>> {
  const rolePasswords = { owner: secrets.ownerPassword, runtime: secrets.runtimePassword };
  const brokers = runtime.kafkaBrokers.join(',');
  const migrate = spawnSync(
    process.execPath,
    [path.join(PROJECT, 'dist', 'apps', 'cli', 'src', 'main.js'), 'migrate'],
    {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        GATEWAY_DATA: dataDir,
        DATABASE_URL: runtime.databaseUrl,
        KAFKA_BROKERS: brokers,
        TOPIC_PREFIX,
        DATABASE_OWNER_PASSWORD: rolePasswords.owner,
        DATABASE_RUNTIME_PASSWORD: rolePasswords.runtime,
      },
    },
  );
  if (migrate.status !== 0) throw new Error(`migrate failed: ${migrate.stdout}${migrate.stderr}`);
  const { ports, databaseUrl } = {
    ports: { postgres: 1, kafka: 1, kafkaController: 1 },
    databaseUrl: runtime.databaseUrl,
  };
  const external = LocalRuntime.open({ dataDir, ports, databaseUrl, kafkaBrokers: brokers, rolePasswords });
  return external.ensureServiceDatabases(manifests.map(({ name }) => name));
}

/** As in an installation that is older than a minute: its recovery does not begin with the making of its schemas. */
async function checkpoint(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}

function drawSecrets(manifests: readonly ServiceManifest[]): Secrets {
  const draw = (): string => randomBytes(24).toString('hex');
  return {
    internalToken: draw(),
    controlToken: draw(),
    sealKeys: Object.fromEntries(manifests.map(({ name }) => [name, randomBytes(32).toString('base64')])),
    ownerPassword: draw(),
    runtimePassword: draw(),
  };
}
