import { until, type Gateway } from '../../e2e/support/gateway';

const WAITING = 'SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL';
const PARKED = `SELECT topic, kind, reason FROM parked ORDER BY id LIMIT 10`;
const DEAD_LETTERS = `SELECT topic, records FROM outbox WHERE topic LIKE '%.dlq' ORDER BY id LIMIT 10`;

/** Every record of every service has gone out and is marked. */
export async function expectOutboxPublished(gateway: Gateway): Promise<void> {
  for (const service of gateway.messagingServices()) {
    await until(`the outbox of ${service} is published`, () =>
      gateway.inDatabaseOf(service, async (database) => {
        const [row] = await database.query<{ count: number }>(WAITING);
        return row?.count === 0;
      }),
    );
  }
}

/** No record waits aside, and none could not be read. */
export async function expectNothingParked(gateway: Gateway): Promise<void> {
  for (const service of gateway.messagingServices()) {
    await gateway.inDatabaseOf(service, async (database) => {
      expect([service, await database.query(PARKED)]).toEqual([service, []]);
      expect([service, await database.query(DEAD_LETTERS)]).toEqual([service, []]);
    });
  }
}
