import { types, type Pool, type PoolClient } from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema } from 'typeorm';

// int8 columns hold amounts, sequences and offsets: read as bigint, never as a number that could lose a unit.
const INT8_OID = 20;
types.setTypeParser(INT8_OID, (text) => BigInt(text));

/** One open transaction. `name` makes the statement a named prepared one: use it on hot statements. */
export interface Tx {
  query<R = Record<string, unknown>>(text: string, values?: readonly unknown[], name?: string): Promise<R[]>;
}

/** How a service opens its own database. */
export interface DatabaseOptions {
  url: string;
  applicationName: string;
  /** Connections of this process at most. */
  poolSize?: number;
  entities?: (new () => object)[] | EntitySchema[];
}

/**
 * Bounds of every session, so that a stopped process lets go of its locks (design S3): a lock is waited for at most
 * 2 s, a statement runs at most 5 s, a transaction idles at most 5 s.
 */
const SESSION_BOUNDS =
  '-c lock_timeout=2000 -c statement_timeout=5000 -c idle_in_transaction_session_timeout=5000 -c TimeZone=UTC';
const DEFAULT_POOL_SIZE = 8;

/**
 * A service's own database: a TypeORM data source, with its pg pool for set-based statements.
 * `transaction` runs READ COMMITTED, commits when the work resolves and rolls back when it throws.
 */
export class Database implements Tx {
  private constructor(
    readonly dataSource: DataSource,
    private readonly pool: Pool,
  ) {}

  static async connect(options: DatabaseOptions): Promise<Database> {
    const settings: DataSourceOptions = {
      type: 'postgres',
      url: options.url,
      applicationName: options.applicationName,
      synchronize: false,
      poolSize: options.poolSize ?? DEFAULT_POOL_SIZE,
      entities: options.entities ?? [],
      extra: { options: SESSION_BOUNDS, connectionTimeoutMillis: 5000, keepAlive: true },
      // A connection that the server closes while it idles is replaced by the pool; the next query tells of real trouble.
      poolErrorHandler: () => undefined,
    };
    const dataSource = await new DataSource(settings).initialize();
    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    return new Database(dataSource, pool);
  }

  async query<R = Record<string, unknown>>(text: string, values: readonly unknown[] = [], name?: string): Promise<R[]> {
    const result = await this.pool.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
    return result.rows as R[];
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const ignore = (): void => undefined;
    client.on('error', ignore);
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(new ClientTx(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollback: Error) => {
        broken = rollback;
      });
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

class ClientTx implements Tx {
  constructor(private readonly client: PoolClient) {}

  async query<R = Record<string, unknown>>(text: string, values: readonly unknown[] = [], name?: string): Promise<R[]> {
    const result = await this.client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
    return result.rows as R[];
  }
}
