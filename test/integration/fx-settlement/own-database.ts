import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Database, runMigrations } from '@gateway/persistence';
import { migrations } from '../../../apps/fx-settlement/src/migrations';

/** fx-settlement's database for one test file, dropped at the end. */
export interface OwnDatabase {
  /** As the service sees it: the runtime role. Each call is another process's pool. */
  connect(): Promise<Database>;
  /** Address of the runtime role. */
  readonly url: string;
  /** As the owner of the tables. */
  readonly ownerUrl: string;
  drop(): Promise<void>;
}

/** Needs TEST_DATABASE_ADMIN_URL: a superuser of a PostgreSQL that tests may fill. */
export async function makeOwnDatabase(): Promise<OwnDatabase> {
  const adminUrl = process.env['TEST_DATABASE_ADMIN_URL'];
  if (adminUrl === undefined) throw new Error('TEST_DATABASE_ADMIN_URL is not set');
  const name = `fx_test_${randomBytes(5).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await asAdmin(adminUrl, [`CREATE DATABASE ${name}`, `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`]);
  const owner = new URL(adminUrl);
  owner.pathname = `/${name}`;
  await runMigrations({ ownerUrl: owner.toString(), runtimeRole: name, migrations });
  const url = new URL(owner);
  url.username = name;
  url.password = password;
  const opened: Database[] = [];
  return {
    url: url.toString(),
    ownerUrl: owner.toString(),
    connect: async () => {
      const database = await Database.connect({ url: url.toString(), applicationName: name, poolSize: 4 });
      opened.push(database);
      return database;
    },
    drop: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await asAdmin(adminUrl, [`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`]);
    },
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
