import path from 'node:path';
import { findProjectFolder, makeDataFolder } from './data-folder';
import { EmbeddedKafka } from './embedded-kafka';
import { EmbeddedPostgres } from './embedded-postgres';
import { countRecords, ensureTopics, readClusterId, type TopicDeclaration } from './kafka-administration';
import type { RuntimeProfile } from './kafka-configuration';
import { kafkaJarFolder } from './kafka-jars';
import { RuntimeRefusal } from './refusal';
import { SecretFile } from './secret-file';
import { dropServiceDatabases, ensureServiceDatabases, type ServiceDatabase } from './service-databases';

export interface RuntimePorts {
  readonly postgres: number;
  readonly kafka: number;
  readonly kafkaController: number;
}

export interface LocalRuntimeOptions {
  readonly dataDir: string;
  readonly ports: RuntimePorts;
  readonly profile?: RuntimeProfile;
  /** A PostgreSQL of the user's own, its user allowed to create databases and roles; none is started then. */
  readonly databaseUrl?: string;
  /** A Kafka of the user's own, `host:port` separated by commas; none is started then. */
  readonly kafkaBrokers?: string;
  /** Before the names of databases and roles, so that two installations can share one server. */
  readonly databasePrefix?: string;
  /** Passwords of the owner and the runtime roles, where somebody else manages them; drawn and kept otherwise. */
  readonly rolePasswords?: { readonly owner?: string; readonly runtime?: string };
  /** One plain line per step. */
  readonly say?: (line: string) => void;
}

export interface PartStatus {
  readonly kind: 'embedded' | 'external';
  readonly running: boolean;
  readonly pid?: number;
  readonly address: string;
}

export interface RuntimeStatus {
  readonly postgres: PartStatus;
  readonly kafka: PartStatus & { readonly clusterId?: string };
}

/**
 * PostgreSQL and Apache Kafka for one installation: its data folder, its ports. Both outlive the process that starts
 * them and are taken over by the next one, and only by one with the same data folder.
 */
export class LocalRuntime {
  readonly secrets: SecretFile;
  private readonly postgres?: EmbeddedPostgres;
  private readonly kafka?: EmbeddedKafka;

  private constructor(private readonly options: LocalRuntimeOptions) {
    const { dataDir, ports, profile = 'interactive' } = options;
    const logsDir = path.join(dataDir, 'logs');
    this.secrets = new SecretFile(path.join(dataDir, 'secrets.json'));
    if (!options.databaseUrl) {
      const password = (): string => this.secrets.get('postgres-superuser');
      this.postgres = new EmbeddedPostgres({
        dataDir,
        logFile: path.join(logsDir, 'postgres.log'),
        port: ports.postgres,
        password,
      });
    }
    if (!options.kafkaBrokers) {
      const jarFolder = kafkaJarFolder(findProjectFolder(__dirname));
      this.kafka = new EmbeddedKafka({
        dataDir,
        logsDir,
        jarFolder,
        port: ports.kafka,
        controllerPort: ports.kafkaController,
        profile,
      });
    }
  }

  /** Makes the data folder; starts nothing. */
  static open(options: LocalRuntimeOptions): LocalRuntime {
    makeDataFolder(options.dataDir);
    return new LocalRuntime(options);
  }

  /** The administrator's address of the database server. */
  get databaseUrl(): string {
    return this.options.databaseUrl ?? this.embeddedPostgres.url;
  }

  get kafkaBrokers(): string[] {
    return this.options.kafkaBrokers?.split(',').map((broker) => broker.trim()) ?? this.embeddedKafka.brokers;
  }

  /** Starts both at once. Throws RuntimeRefusal when one cannot be had. */
  async up(): Promise<void> {
    const outcomes = await Promise.allSettled([this.startPostgres(), this.startKafka()]);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Stops what is ours, the broker first. */
  async down(): Promise<void> {
    await this.kafka?.stop();
    await this.postgres?.stop();
  }

  /** Ends what is ours without waiting. */
  async halt(): Promise<void> {
    await Promise.all([this.kafka?.kill(), this.postgres?.kill()]);
  }

  /** One look at the process, which costs nothing; true where it is not ours to watch. */
  isPostgresAlive(): boolean {
    return !this.postgres || this.postgres.runningPid() !== undefined;
  }

  isKafkaAlive(): boolean {
    return !this.kafka || this.kafka.runningPid() !== undefined;
  }

  /** The processes of what is ours and runs; one look at the process table, no question over the network. */
  pids(): { postgres?: number; kafka?: number } {
    return { postgres: this.postgres?.runningPid(), kafka: this.kafka?.runningPid() };
  }

  async startPostgres(): Promise<void> {
    if (!this.postgres) return;
    await this.timed('PostgreSQL', () => this.embeddedPostgres.start());
  }

  async startKafka(): Promise<void> {
    if (!this.kafka) return this.demandExternalKafka();
    await this.timed('Apache Kafka', () => this.embeddedKafka.start());
  }

  stopPostgres(): Promise<void> {
    return this.embeddedPostgres.stop();
  }

  stopKafka(): Promise<void> {
    return this.embeddedKafka.stop();
  }

  killPostgres(): Promise<void> {
    return this.embeddedPostgres.kill();
  }

  killKafka(): Promise<void> {
    return this.embeddedKafka.kill();
  }

  /** The broker is gone with all it held; the next startKafka makes another cluster. */
  loseKafkaData(): Promise<void> {
    return this.embeddedKafka.loseData();
  }

  /** Databases and roles, made where missing; the passwords are kept in the secrets file. */
  ensureServiceDatabases(services: readonly string[]): Promise<Record<string, ServiceDatabase>> {
    const given = this.options.rolePasswords;
    const passwordOf = (role: string): string => {
      return (role.endsWith('_owner') ? given?.owner : given?.runtime) ?? this.secrets.get(`database-role-${role}`);
    };
    return ensureServiceDatabases(this.databaseUrl, services, passwordOf, this.options.databasePrefix);
  }

  /** Removes them again; without a prefix they are an installation's own, and stay. */
  async dropServiceDatabases(services: readonly string[]): Promise<void> {
    const { databasePrefix } = this.options;
    if (databasePrefix) await dropServiceDatabases(this.databaseUrl, services, databasePrefix);
  }

  ensureTopics(topics: readonly TopicDeclaration[]): Promise<{ created: string[] }> {
    return ensureTopics(this.kafkaBrokers, topics);
  }

  countRecords(topics: readonly string[]): Promise<Record<string, number>> {
    return countRecords(this.kafkaBrokers, topics);
  }

  async status(): Promise<RuntimeStatus> {
    const kafkaId = await readClusterId(this.kafkaBrokers);
    const database = new URL(this.databaseUrl);
    return {
      postgres: describePart(this.postgres, `${database.hostname}:${database.port || 5432}`),
      kafka: { ...describePart(this.kafka, this.kafkaBrokers.join(','), kafkaId !== undefined), clusterId: kafkaId },
    };
  }

  private async demandExternalKafka(): Promise<void> {
    if ((await readClusterId(this.kafkaBrokers)) !== undefined) return;
    throw new RuntimeRefusal(`No Kafka answers at ${this.kafkaBrokers.join(',')} (KAFKA_BROKERS).`);
  }

  private async timed(what: string, start: () => Promise<'started' | 'adopted'>): Promise<void> {
    const began = performance.now();
    const how = await start();
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    this.options.say?.(how === 'adopted' ? `${what} was running` : `${what} started (${seconds} s)`);
  }

  private get embeddedPostgres(): EmbeddedPostgres {
    if (!this.postgres)
      throw new RuntimeRefusal('PostgreSQL is external here (DATABASE_URL): it is not ours to start or stop.');
    return this.postgres;
  }

  private get embeddedKafka(): EmbeddedKafka {
    if (!this.kafka)
      throw new RuntimeRefusal('Kafka is external here (KAFKA_BROKERS): it is not ours to start or stop.');
    return this.kafka;
  }
}

function describePart(
  part: { runningPid(): number | undefined } | undefined,
  address: string,
  answers = true,
): PartStatus {
  if (!part) return { kind: 'external', running: answers, address };
  const pid = part.runningPid();
  return { kind: 'embedded', running: pid !== undefined && answers, pid, address };
}
