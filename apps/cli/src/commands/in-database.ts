import { Database } from '@gateway/persistence';

/** Does something in a service's database, over one connection that ends with it. */
export async function inDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await Database.connect({ url, applicationName: 'gw', poolSize: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
