import { LocalRuntime } from '@gateway/local-runtime';
import { type CliConfig, UsageError } from '../cli.config';
import { provisionDemoPartner } from '../launcher/demo-partner';
import { Installation } from '../launcher/installation';
import { prepareDatabases } from '../launcher/service-databases';
import type { Terminal } from '../terminal';

/**
 * Databases, roles, schemas and topics on a PostgreSQL and a Kafka that are there already: the step before services
 * that something else than the launcher runs, such as containers. Doing it again changes nothing.
 */
export async function migrate(config: CliConfig, terminal: Terminal): Promise<void> {
  if (!config.databaseUrl || !config.kafkaBrokers) {
    throw new UsageError('migrate needs DATABASE_URL (may create databases and roles) and KAFKA_BROKERS.');
  }
  const installation = new Installation(config, terminal.say);
  const runtime = LocalRuntime.open(config);
  const databases = await prepareDatabases(runtime, installation.services);
  await runtime.startKafka();
  const { created } = await runtime.ensureTopics(installation.topics);
  const key = config.environment.DEMO_PARTNER_KEY;
  if (key) await provisionDemoPartner({ partnerId: 'prt_demo', key }, databases.routing?.runtimeUrl);
  const names = Object.keys(databases);
  terminal.answer(
    { databases: names, topics_created: created },
    `${names.length} databases are up to date, ${created.length} topics made.`,
  );
}
