import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { runMigrations, type Migration } from '@gateway/persistence';

/** A database of one test file, with a runtime role of its own; dropped at the end. */
export interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Needs TEST_DATABASE_ADMIN_URL: a superuser of a PostgreSQL that tests may fill. */
export async function makeOwnDatabase(migrations: readonly Migration[]): Promise<OwnDatabase> {
  const adminUrl = process.env['TEST_DATABASE_ADMIN_URL'];
  if (adminUrl === undefined) throw new Error('TEST_DATABASE_ADMIN_URL is not set');
  const name = `simulator_test_${randomBytes(5).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await asAdmin(adminUrl, [`CREATE DATABASE ${name}`, `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`]);
  const ownerUrl = new URL(adminUrl);
  ownerUrl.pathname = `/${name}`;
  await runMigrations({ ownerUrl: ownerUrl.toString(), runtimeRole: name, migrations });
  const url = new URL(ownerUrl);
  url.username = name;
  url.password = password;
  return {
    url: url.toString(),
    drop: () => asAdmin(adminUrl, [`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`]),
  };
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
