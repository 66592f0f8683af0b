import path from 'node:path';
import { chooseDataFolder, findProjectFolder, type RuntimePorts, type RuntimeProfile } from '@gateway/local-runtime';

/** What the command line reads from its environment; nothing else in it does. */
export interface CliConfig {
  readonly projectDir: string;
  /** GATEWAY_DATA: where a local run keeps everything. */
  readonly dataDir: string;
  /** GATEWAY_POSTGRES_PORT, GATEWAY_KAFKA_PORT, GATEWAY_KAFKA_CONTROLLER_PORT. */
  readonly ports: RuntimePorts;
  /** DATABASE_URL: a PostgreSQL to use instead of the embedded one. */
  readonly databaseUrl?: string;
  /** KAFKA_BROKERS: a Kafka to use instead of the embedded one. */
  readonly kafkaBrokers?: string;
  /** GATEWAY_DATABASE_PREFIX: before the names of databases and roles on a server that others use too. */
  readonly databasePrefix?: string;
  /** DATABASE_OWNER_PASSWORD, DATABASE_RUNTIME_PASSWORD: of the services' roles, where somebody else manages them. */
  readonly rolePasswords: { readonly owner?: string; readonly runtime?: string };
  /** TOPIC_PREFIX: before every topic's name on a broker that others use too. */
  readonly topicPrefix: string;
  /** GATEWAY_PROFILE: `load` gives the broker room for measurements. */
  readonly profile: RuntimeProfile;
  /** Everything else, handed on to the services. */
  readonly environment: NodeJS.ProcessEnv;
}

const DEFAULT_PORTS: RuntimePorts = { postgres: 7432, kafka: 7092, kafkaController: 7093 };
/** The runtime for development and for single integration tests has its ports this far above the product's. */
const DEVELOPMENT_OFFSET = 200;

export function readCliConfig(env: NodeJS.ProcessEnv = process.env): CliConfig {
  const projectDir = findProjectFolder(__dirname);
  return {
    projectDir,
    dataDir: chooseDataFolder(projectDir, env.GATEWAY_DATA),
    ports: {
      postgres: readPort(env, 'GATEWAY_POSTGRES_PORT', DEFAULT_PORTS.postgres),
      kafka: readPort(env, 'GATEWAY_KAFKA_PORT', DEFAULT_PORTS.kafka),
      kafkaController: readPort(env, 'GATEWAY_KAFKA_CONTROLLER_PORT', DEFAULT_PORTS.kafkaController),
    },
    databaseUrl: env.DATABASE_URL || undefined,
    kafkaBrokers: env.KAFKA_BROKERS || undefined,
    databasePrefix: env.GATEWAY_DATABASE_PREFIX || undefined,
    rolePasswords: {
      owner: env.DATABASE_OWNER_PASSWORD || undefined,
      runtime: env.DATABASE_RUNTIME_PASSWORD || undefined,
    },
    topicPrefix: env.TOPIC_PREFIX ?? '',
    profile: env.GATEWAY_PROFILE === 'load' ? 'load' : 'interactive',
    environment: env,
  };
}

/** The same installation's runtime for development: a folder and ports of its own, always embedded. */
export function developmentConfig(config: CliConfig): CliConfig {
  const dataDir = path.join(config.dataDir, 'test-runtime');
  const { postgres, kafka, kafkaController } = config.ports;
  const ports = {
    postgres: postgres + DEVELOPMENT_OFFSET,
    kafka: kafka + DEVELOPMENT_OFFSET,
    kafkaController: kafkaController + DEVELOPMENT_OFFSET,
  };
  return { ...config, dataDir, ports, databaseUrl: undefined, kafkaBrokers: undefined };
}

export class UsageError extends Error {}

export function readPort(env: NodeJS.ProcessEnv, variable: string, fallback: number): number {
  const text = env[variable];
  if (!text) return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(`${variable} is not a port: ${text}`);
}
