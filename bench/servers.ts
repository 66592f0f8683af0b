import { rmSync } from 'node:fs';
import path from 'node:path';
import { chooseDataFolder, drawFreePorts, findProjectFolder, LocalRuntime } from '@gateway/local-runtime';
import type { RuntimePorts, ServiceDatabase } from '@gateway/local-runtime';
import { prepareDatabases } from '../apps/cli/src/launcher/service-databases';
import { findServices, type ServiceManifest } from '../apps/cli/src/launcher/service-manifest';
import { declareTopics, findContracts } from '../apps/cli/src/launcher/topic-declarations';

export const PROJECT = findProjectFolder(__dirname);

/** The services of a payment; the simulator has no part in the benchmark. */
export const SERVICES = ['routing', 'us-wallet', 'china-wallet', 'fx-settlement', 'compliance'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** One installation of its own on the common servers: databases and topics under a prefix, empty at first. */
export interface Site {
  readonly name: string;
  readonly topicPrefix: string;
  readonly brokers: readonly string[];
  readonly databases: Readonly<Record<ServiceName, ServiceDatabase>>;
  readonly databasePrefix: string;
  /** Logical names of all topics with their partitions, dead letters included. */
  readonly topics: ReadonlyMap<string, number>;
  /** Removes the databases: the next round begins with empty ones, and nobody vacuums what nobody needs. */
  readonly remove: () => Promise<void>;
}

/** The PostgreSQL and the Kafka broker of the whole benchmark, in a data folder of its own that it empties first. */
export class Servers {
  readonly manifests: readonly ServiceManifest[];
  private constructor(
    readonly dataDir: string,
    readonly ports: RuntimePorts,
    private readonly main: LocalRuntime,
  ) {
    this.manifests = findServices(PROJECT, {}).filter(({ name }) => (SERVICES as readonly string[]).includes(name));
  }

  static async start(chosen: string | null, say: (line: string) => void): Promise<Servers> {
    const dataDir = chosen ?? path.join(chooseDataFolder(PROJECT, process.env.GATEWAY_DATA), 'bench');
    const [postgres = 0, kafka = 0, kafkaController = 0] = await drawFreePorts(3);
    const ports = { postgres, kafka, kafkaController };
    await LocalRuntime.open({ dataDir, ports }).halt();
    rmSync(dataDir, { recursive: true, force: true });
    const main = LocalRuntime.open({ dataDir, ports, profile: 'load', say });
    await main.up();
    return new Servers(dataDir, ports, main);
  }

  get secrets(): LocalRuntime['secrets'] {
    return this.main.secrets;
  }

  get adminUrl(): string {
    return this.main.databaseUrl;
  }

  get brokers(): string[] {
    return this.main.kafkaBrokers;
  }

  /** Pids of the broker and the postmaster. */
  async pids(): Promise<{ kafka: number; postmaster: number }> {
    const { kafka, postgres } = await this.main.status();
    if (kafka.pid === undefined || postgres.pid === undefined) throw new Error('PostgreSQL or Kafka is not running');
    return { kafka: kafka.pid, postmaster: postgres.pid };
  }

  async site(name: string): Promise<Site> {
    const databasePrefix = `${name}_`;
    const topicPrefix = `${name}.`;
    const { dataDir, ports } = this;
    const runtime = LocalRuntime.open({ dataDir, ports, profile: 'load', databasePrefix });
    const databases = (await prepareDatabases(runtime, this.manifests)) as Record<ServiceName, ServiceDatabase>;
    const network = this.manifests.flatMap((service) => (service.network ? [service.network.id] : []));
    const declared = declareTopics(findContracts({ network, service: SERVICES }), topicPrefix);
    await runtime.ensureTopics(declared);
    const topics = new Map(declared.map(({ topic, partitions }) => [topic.slice(topicPrefix.length), partitions]));
    const remove = (): Promise<void> => runtime.dropServiceDatabases(SERVICES);
    return { name, topicPrefix, databasePrefix, brokers: this.brokers, databases, topics, remove };
  }

  async stop(): Promise<void> {
    await this.main.down();
  }
}
