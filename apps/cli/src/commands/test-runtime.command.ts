import { LocalRuntime } from '@gateway/local-runtime';
import { type CliConfig, developmentConfig } from '../cli.config';
import type { Terminal } from '../terminal';

/** PostgreSQL and Kafka alone, for development and for running single integration tests. */
export async function testRuntimeUp(config: CliConfig, terminal: Terminal): Promise<void> {
  const runtime = openDevelopmentRuntime(config, terminal);
  await runtime.up();
  const addresses = {
    TEST_DATABASE_ADMIN_URL: runtime.databaseUrl,
    TEST_KAFKA_BROKERS: runtime.kafkaBrokers.join(','),
  };
  const lines = Object.entries(addresses).map(([name, value]) => `export ${name}=${value}`);
  terminal.answer(addresses, lines.join('\n'));
}

export async function testRuntimeDown(config: CliConfig, terminal: Terminal): Promise<void> {
  await openDevelopmentRuntime(config, terminal).down();
  terminal.answer({ stopped: true }, 'Stopped.');
}

function openDevelopmentRuntime(config: CliConfig, terminal: Terminal): LocalRuntime {
  const { dataDir, ports } = developmentConfig(config);
  return LocalRuntime.open({ dataDir, ports, say: terminal.say });
}
