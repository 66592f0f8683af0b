import { Client } from 'pg';
import { RuntimeRefusal } from './refusal';

/** One service's database and its two roles, as addresses. */
export interface ServiceDatabase {
  /** May change the schema: migrations only. */
  readonly ownerUrl: string;
  /** What the running service uses; the migrations decide what it may do to each table. */
  readonly runtimeUrl: string;
}

export interface ServiceDatabaseNames {
  readonly database: string;
  readonly owner: string;
  readonly runtime: string;
}

/** `us-wallet` has the database `us_wallet` with `us_wallet_owner` and `us_wallet_app`, each after the installation's prefix. */
export function namesOf(service: string, prefix = ''): ServiceDatabaseNames {
  const database = `${prefix}${service}`.replaceAll('-', '_');
  if (!/^[a-z][a-z0-9_]{0,50}$/.test(database)) throw new Error(`No database can be called ${database}`);
  return { database, owner: `${database}_owner`, runtime: `${database}_app` };
}

/**
 * Makes the databases and roles that are missing, and sets the roles' passwords to the given ones. The administrator
 * of `adminUrl` needs the right to create databases and roles, nothing more.
 */
export async function ensureServiceDatabases(
  adminUrl: string,
  services: readonly string[],
  passwordOf: (role: string) => string,
  prefix = '',
): Promise<Record<string, ServiceDatabase>> {
  const addresses: Record<string, ServiceDatabase> = {};
  await withClient(adminUrl, async (client) => {
    for (const service of services) {
      const names = namesOf(service, prefix);
      for (const role of [names.owner, names.runtime]) await ensureRole(client, role, passwordOf(role));
      await ensureDatabase(client, names);
      addresses[service] = {
        ownerUrl: addressOf(adminUrl, names.database, names.owner, passwordOf(names.owner)),
        runtimeUrl: addressOf(adminUrl, names.database, names.runtime, passwordOf(names.runtime)),
      };
    }
  });
  return addresses;
}

/** Removes the databases and roles again: for runs that leave nothing behind on a server that is not theirs. */
export async function dropServiceDatabases(
  adminUrl: string,
  services: readonly string[],
  prefix: string,
): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const service of services) {
      const { database, owner, runtime } = namesOf(service, prefix);
      await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await client.query(`DROP ROLE IF EXISTS ${owner}, ${runtime}`);
    }
  });
}

async function ensureRole(client: Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
}

/** The owner owns database and schema; the runtime role may connect and see the schema, and nobody else may connect. */
async function ensureDatabase(client: Client, { database, owner, runtime }: ServiceDatabaseNames): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (rowCount !== 0) return;
  await client.query(`GRANT ${owner} TO CURRENT_USER`);
  await client.query(`CREATE DATABASE ${database} OWNER ${owner}`);
  await client.query(`REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${owner}, ${runtime}`);
}

function addressOf(adminUrl: string, database: string, role: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  url.pathname = `/${database}`;
  return url.toString();
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect().catch((error: Error) => {
    const { host } = new URL(url);
    throw new RuntimeRefusal(`PostgreSQL at ${host} lets nobody in (${error.message}): look at DATABASE_URL.`);
  });
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
