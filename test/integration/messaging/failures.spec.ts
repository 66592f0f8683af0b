import { Client } from 'pg';
import { demoAnswers, demoCommands, demoFacts } from './contracts';
import { DemoController, resetScript, script } from './demo-controller';
import {
  command,
  count,
  effectsOf,
  fact,
  openScene,
  publish,
  recordsOf,
  startDemo,
  until,
  type RunningService,
  type Scene,
} from './support';

/** A child of the same times as in production, only that parked records are tried again sooner. */
const LIMITS = { parkedBackoffMs: [300, 300, 300, 300, 300] };

/** Five times the session of the group. */
const DATABASE_AWAY_MS = 30_000;

describe('what goes wrong while reading', () => {
  let scene: Scene;
  let service: RunningService;
  beforeEach(async () => {
    resetScript();
    scene = await openScene();
    service = await startDemo(scene, [DemoController], { limits: LIMITS });
  }, 180_000);
  afterEach(async () => {
    await service?.stop();
    await scene?.close();
  }, 180_000);

  it.each([
    ['first', 0],
    ['in the middle', 17],
    ['last', 39],
  ])(
    'a poison record %s in a batch is parked alone and harms nobody else',
    async (_where, at) => {
      script.poison.add('poison');
      const records = Array.from({ length: 40 }, (_, n) => command(n, n === at ? 'poison' : 'plain', 0));
      await publish(service, [...records, { ...command(at, 'plain', 0) }]);
      await until('39 effects', async () => (await count(scene.database, 'effect')) === 39);
      await until(
        'the poison and the one behind it are parked',
        async () => (await count(scene.database, 'parked')) === 2,
      );
      expect((await effectsOf(scene.database)).some((line) => line.startsWith(`pay_${at} `))).toBe(false);
      script.poison.clear();
      await until('both handled', async () => (await count(scene.database, 'parked')) === 0);
      const late = (await effectsOf(scene.database)).filter((line) => line.startsWith(`pay_${at} `));
      expect(late).toEqual([`pay_${at} pay_${at}-do poison`, `pay_${at} pay_${at}-do plain`]);
      expect(await count(scene.database, 'effect')).toBe(41);
    },
    60_000,
  );

  it('a record that stays poison waits for a person after five tries, and others of its key wait behind it', async () => {
    script.poison.add('poison');
    await publish(service, [command(1, 'poison'), command(1)]);
    await until('a person is asked', async () => (await count(scene.database, 'parked', 'needs_person')) === 1);
    const [row] = await scene.database.query<{ attempts: number }>('SELECT attempts FROM parked WHERE needs_person');
    expect(row!.attempts).toBe(5);
    expect(await count(scene.database, 'effect')).toBe(0);
  }, 180_000);

  it('two facts of one payment in one batch are given in one call, in order', async () => {
    await publish(service, [fact(1, 1), fact(1, 2)]);
    await until('both', async () => (await count(scene.database, 'effect')) === 2);
    expect(script.batches).toContain(2);
    expect(await effectsOf(scene.database)).toEqual(['pay_1 fact 1', 'pay_1 fact 2']);
  }, 180_000);

  it('every record of a history thrice and shuffled takes effect once and in order', async () => {
    const once = Array.from({ length: 40 }, (_, key) => [1, 2, 3, 4, 5].map((sequence) => fact(key, sequence))).flat();
    const thrice = shuffled([...once, ...once, ...once]);
    for (let at = 0; at < thrice.length; at += 37) await publish(service, thrice.slice(at, at + 37));
    await until('all effects', async () => (await count(scene.database, 'effect')) >= 200);
    await until('nothing parked', async () => (await count(scene.database, 'parked')) === 0);
    const lines = await effectsOf(scene.database);
    expect(lines).toHaveLength(200);
    for (let key = 0; key < 40; key++) {
      const mine = lines.filter((line) => line.startsWith(`pay_${key} `));
      expect(mine.map((line) => line.split(' ')[2])).toEqual(['1', '2', '3', '4', '5']);
    }
  }, 180_000);

  it('unreadable records, one over the limit among them, become dead letters and hold nobody up', async () => {
    const producer = scene.kafka.producer();
    await producer.connect();
    const good = JSON.stringify({
      specversion: '1.0',
      id: 'x-1',
      source: '/services/demo',
      type: demoCommands.topic,
      time: '2026-11-25T10:00:00.000Z',
      data: { instruction_id: 'pay_1-do', payment_id: 'pay_1', note: 'raw' },
    });
    const bad: { key: string | null; value: string | Buffer | null }[] = [
      { key: 'pay_1', value: 'not JSON' },
      { key: 'pay_1', value: null },
      { key: null, value: good },
      { key: 'pay_2', value: good },
      { key: 'pay_1', value: good.replace('commands.v1', 'commands.v2') },
      { key: 'pay_1', value: good.replace('"note":"raw"', '"note":7') },
      { key: 'pay_1', value: '[]' },
      { key: 'pay_1', value: Buffer.from([0xff, 0xfe, 0x00]) },
      { key: 'pay_1', value: good.replace('raw', 'x'.repeat(100_000)) },
    ];
    const messages = [...bad, { key: 'pay_1', value: good }].map((one) => ({ ...one, partition: 1 }));
    await producer.send({ topic: `${scene.prefix}${demoCommands.topic}`, messages });
    await producer.disconnect();
    await until('the good one', async () => (await count(scene.database, 'effect')) === 1);
    await until('published', async () => (await count(scene.database, 'outbox', 'published_at IS NULL')) === 0);
    const letters = (await recordsOf(scene, `${demoCommands.topic}.dlq`)) as {
      data: { reason: string; size: number; bytes: string };
    }[];
    expect(letters).toHaveLength(bad.length);
    expect(letters.find(({ data }) => data.size > 100_000)!.data.reason).toContain('over 64 kB');
    expect(Buffer.from(letters[0]!.data.bytes, 'base64').toString()).toBe('not JSON');
  }, 180_000);

  it('refuses to send a record over the limit, before anything is written', async () => {
    await expect(publish(service, [command(1, 'x'.repeat(70_000))])).rejects.toThrow('over 64 kB');
    expect(await count(scene.database, 'outbox')).toBe(0);
  }, 180_000);

  it('a database that is away for 30 seconds parks nothing and loses nothing', async () => {
    const name = new URL(scene.test.url).pathname.slice(1);
    const admin = new Client({ connectionString: process.env['TEST_DATABASE_ADMIN_URL'] });
    await admin.connect();
    await publish(
      service,
      Array.from({ length: 50 }, (_, n) => command(n)),
    );
    await until('the first effects', async () => (await count(scene.database, 'effect')) === 50);
    const producer = scene.kafka.producer();
    await producer.connect();
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, [name]);
    const value = (n: number): string =>
      JSON.stringify({
        specversion: '1.0',
        id: `raw-${n}`,
        source: '/services/demo',
        type: demoCommands.topic,
        time: '2026-11-25T10:00:00.000Z',
        data: { instruction_id: `pay_${n}-do`, payment_id: `pay_${n}`, note: 'away' },
      });
    const messages = Array.from({ length: 60 }, (_, n) => ({ key: `pay_${n}`, value: value(n), partition: n % 6 }));
    await producer.send({ topic: `${scene.prefix}${demoCommands.topic}`, messages });
    await producer.disconnect();
    await new Promise((resolve) => setTimeout(resolve, DATABASE_AWAY_MS));
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
    await until('all effects', async () => (await count(scene.database, 'effect').catch(() => 0)) === 110, 60_000);
    expect(await count(scene.database, 'parked')).toBe(0);
    expect(await count(scene.database, 'outbox', `topic LIKE '%.dlq'`)).toBe(0);
    expect(service.fatal).toEqual([]);
    await until('published', async () => (await count(scene.database, 'outbox', 'published_at IS NULL')) === 0);
    expect(new Set((await recordsOf(scene, demoAnswers.topic)).map(({ subject }) => subject)).size).toBe(60);
  }, 180_000);

  it('batches of control records alone move the position on', async () => {
    const topic = `${scene.prefix}${demoFacts.topic}`;
    const producer = scene.kafka.producer({
      transactionalId: `${scene.prefix}tx`,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    for (let round = 0; round < 3; round++) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: 'pay_1', value: 'never seen', partition: 1 }] });
      await transaction.abort();
    }
    await producer.disconnect();
    await publish(service, [fact(1, 1)]);
    await until('the fact', async () => (await count(scene.database, 'effect')) === 1);
    await service.stop();
    service = await startDemo(scene, [DemoController], { limits: LIMITS });
    await publish(service, [fact(1, 2)]);
    await until('the next fact', async () => (await count(scene.database, 'effect')) === 2);
    expect(await effectsOf(scene.database)).toEqual(['pay_1 fact 1', 'pay_1 fact 2']);
    expect(await count(scene.database, 'outbox', `topic LIKE '%.dlq'`)).toBe(0);
  }, 180_000);
});

/** A fixed shuffle, so that a failure can be repeated. */
function shuffled<T>(list: T[]): T[] {
  const copy = [...list];
  let seed = 7;
  for (let at = copy.length - 1; at > 0; at--) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = seed % (at + 1);
    [copy[at], copy[other]] = [copy[other]!, copy[at]!];
  }
  return copy;
}
