import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';

/** A migration class as TypeORM runs it. */
export type Migration = new () => MigrationInterface;

/** Any number that all services' migration runs agree on; one run at a time per database. */
const MIGRATION_LOCK = 7_080_001;

/**
 * A hand-written SQL migration. `stamp` is a 13-digit number that orders it; `name` says what it brings.
 * There is no way down: a mistake is corrected by the next migration.
 */
export function sqlMigration(stamp: number, name: string, sql: string): Migration {
  return class implements MigrationInterface {
    readonly name = `${name}${stamp}`;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    async down(): Promise<void> {
      throw new Error(`migration ${name} is not undone; write the next one`);
    }
  };
}

/**
 * Business time in SQL (design section 7): the database's clock plus the test clock's offset. Only business rules read
 * it (expiry, plans, windows); leases and heartbeats read clock_timestamp(), which no test clock moves.
 */
const businessClock = sqlMigration(
  1_700_000_000_001,
  'BusinessClock',
  `
  CREATE TABLE test_clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    clock_offset interval NOT NULL DEFAULT interval '0'
  );
  COMMENT ON TABLE test_clock IS 'How far business time runs ahead of the machine clock; zero outside test environments.';
  INSERT INTO test_clock DEFAULT VALUES;
  CREATE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT clock_timestamp() + (SELECT clock_offset FROM test_clock)';
`,
);

/** What a migration run needs: the owner's URL and the runtime role, which gets only the rights that migrations grant. */
export interface MigrationRun {
  ownerUrl: string;
  runtimeRole: string;
  migrations: readonly Migration[];
}

/**
 * Brings one service's database up to date: the business clock, then the given migrations in the order of their stamps,
 * all under one advisory lock. Afterwards the runtime role may read, insert, update and delete in all tables, except
 * where a migration has put the table's name into `append_only_table`: there it may only read and insert.
 */
export async function runMigrations(run: MigrationRun): Promise<void> {
  const source = await new DataSource({
    type: 'postgres',
    url: run.ownerUrl,
    synchronize: false,
    poolSize: 2,
    migrations: [appendOnlyList, businessClock, ...run.migrations],
    migrationsTransactionMode: 'each',
  }).initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.connect();
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations();
    await grantToRuntime(source, run.runtimeRole);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await source.destroy();
  }
}

const appendOnlyList = sqlMigration(
  1_700_000_000_000,
  'AppendOnlyList',
  `
  CREATE TABLE append_only_table (name text PRIMARY KEY);
  COMMENT ON TABLE append_only_table IS 'Tables that the runtime role may neither update nor delete from.';
  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
  CREATE FUNCTION make_append_only(table_name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO append_only_table VALUES (table_name) ON CONFLICT DO NOTHING;
      EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', table_name);
      EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', table_name);
    END $$;
`,
);

async function grantToRuntime(source: DataSource, role: string): Promise<void> {
  if (!/^[a-z_][a-z0-9_]*$/.test(role)) throw new Error(`runtime role "${role}" is not a plain identifier`);
  await source.query(`
    GRANT USAGE ON SCHEMA public TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO ${role};
    REVOKE INSERT, UPDATE, DELETE ON migrations, append_only_table FROM ${role};
  `);
  const tables: { name: string }[] = await source.query('SELECT name FROM append_only_table');
  for (const { name } of tables) await source.query(`REVOKE UPDATE, DELETE, TRUNCATE ON "${name}" FROM ${role}`);
}
