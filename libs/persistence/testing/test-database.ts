import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Database, runMigrations, type Migration } from '@gateway/persistence';

/** A database of a test's own, migrated, with an owner and a runtime role like a service has. */
export interface TestDatabase {
  /** As the runtime role: what a service uses. */
  url: string;
  ownerUrl: string;
  /** Connected as the runtime role. */
  database: Database;
  /** Closes the connection and removes database and roles. */
  drop(): Promise<void>;
}

const PASSWORD = 'test';
const POOL_SIZE = 6;

/** Makes one on the server of `TEST_DATABASE_ADMIN_URL` (a superuser), or of the given address. */
export async function createTestDatabase(
  migrations: readonly Migration[],
  adminUrl: string | undefined = process.env['TEST_DATABASE_ADMIN_URL'],
): Promise<TestDatabase> {
  if (!adminUrl) throw new Error('TEST_DATABASE_ADMIN_URL is not set: integration tests need a PostgreSQL superuser');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const owner = `${name}_owner`;
  const runtime = `${name}_app`;
  await asAdmin(adminUrl, [
    `CREATE ROLE ${owner} LOGIN PASSWORD '${PASSWORD}'`,
    `CREATE ROLE ${runtime} LOGIN PASSWORD '${PASSWORD}'`,
    `CREATE DATABASE ${name} OWNER ${owner}`,
  ]);
  const ownerUrl = addressOf(adminUrl, name, owner);
  const url = addressOf(adminUrl, name, runtime);
  await runMigrations({ ownerUrl, runtimeRole: runtime, migrations });
  const database = await Database.connect({ url, applicationName: name, poolSize: POOL_SIZE });
  const drop = async (): Promise<void> => {
    await database.close();
    await asAdmin(adminUrl, [
      `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
      `DROP ROLE ${owner}`,
      `DROP ROLE ${runtime}`,
    ]);
  };
  return { url, ownerUrl, database, drop };
}

function addressOf(adminUrl: string, database: string, role: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  url.username = role;
  url.password = PASSWORD;
  return url.toString();
}

async function asAdmin(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
