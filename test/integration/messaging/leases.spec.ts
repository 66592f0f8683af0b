import { setTimeout as pause } from 'node:timers/promises';
import { LeaseLoop, type Lease } from '@gateway/messaging';
import { sqlMigration } from '@gateway/persistence';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { count, until } from './support';

interface Call {
  id: bigint;
  lease_token: string;
}

const calls = sqlMigration(
  1_700_000_000_901,
  'Calls',
  `CREATE TABLE call (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, due timestamptz NOT NULL DEFAULT clock_now(),
     lease_until timestamptz NOT NULL DEFAULT '-infinity', lease_token uuid, state text NOT NULL DEFAULT 'QUEUED', made integer NOT NULL DEFAULT 0);
   COMMENT ON TABLE call IS 'Calls of a test.';`,
);

describe('leases', () => {
  let test: TestDatabase;
  let loops: LeaseLoop<Call>[] = [];
  beforeEach(async () => {
    loops = [];
    test = await createTestDatabase([calls]);
  }, 180_000);
  afterEach(async () => {
    for (const loop of loops) await loop.stop(100);
    await test.drop();
  }, 180_000);

  const loopOf = (leaseMs: number, work: (rows: readonly Call[], lease: Lease) => Promise<void>): LeaseLoop<Call> => {
    const source = { table: 'call', where: `state = 'QUEUED'` };
    const loop = new LeaseLoop<Call>({ name: 'test', database: test.database, source, leaseMs, capacity: 5, work });
    loops.push(loop);
    loop.start();
    return loop;
  };
  const make = (howMany: number): Promise<unknown> =>
    test.database.query('INSERT INTO call (due) SELECT clock_now() FROM generate_series(1, $1::int)', [howMany]);
  /** Compare and set on the token. @returns whether the lease was still ours */
  const done = async ({ id }: Call, { token }: Lease): Promise<boolean> => {
    const rows = await test.database.query(
      `UPDATE call SET state = 'DONE', made = made + 1 WHERE id = $1 AND lease_token = $2 RETURNING 1`,
      [id, token],
    );
    return rows.length === 1;
  };

  it('two loops share the rows, each is worked on once, and waking spares the wait', async () => {
    const work = async ([row]: readonly Call[], lease: Lease): Promise<void> => void (await done(row!, lease));
    const [first] = [loopOf(60_000, work), loopOf(60_000, work)];
    await pause(1_500);
    await make(100);
    first.wake();
    await until('all done', async () => (await count(test.database, 'call', `state = 'DONE' AND made = 1`)) === 100);
  }, 180_000);

  it('a clock advanced by a day makes nobody take a row whose lease lasts', async () => {
    let calledBy = 0;
    loopOf(60_000, async ([row], lease) => {
      calledBy++;
      await pause(1_500);
      expect(await done(row!, lease)).toBe(true);
    });
    await make(1);
    await until('it is called', async () => calledBy === 1);
    await test.database.query(`UPDATE test_clock SET clock_offset = interval '1 day'`);
    loopOf(5_000, async () => void calledBy++);
    await until('done', async () => (await count(test.database, 'call', `state = 'DONE'`)) === 1);
    expect(calledBy).toBe(1);
  }, 180_000);

  it('who sleeps before its call past the end of its lease sees that no time is left, and its token counts no more', async () => {
    // 60 s in the design; what counts is that the sleep is longer than the lease.
    const seen: { left: number; ours: boolean }[] = [];
    const sleeper = loopOf(600, async ([row], lease) => {
      await pause(1_500);
      seen.push({ left: lease.remainingMs(), ours: await done(row!, lease) });
    });
    await make(1);
    await until('claimed', async () => (await count(test.database, 'call', 'lease_token IS NOT NULL')) === 1);
    void sleeper.stop(0);
    loopOf(5_000, async ([row], lease) => void (await done(row!, lease)));
    await until('the sleeper has woken', async () => seen.length === 1);
    expect(seen[0]!.left).toBeLessThan(0);
    expect(seen[0]!.ours).toBe(false);
    expect(await count(test.database, 'call', 'made = 1')).toBe(1);
  }, 180_000);
});
