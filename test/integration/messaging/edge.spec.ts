import { auditOf } from '@gateway/contracts/audit.service.v1';
import { EdgeBatcher, EdgeBusy, type AuditEntry } from '@gateway/messaging';
import { DemoController, resetScript } from './demo-controller';
import { command, count, openScene, recordsOf, startDemo, until, type RunningService, type Scene } from './support';

describe('the edge', () => {
  let scene: Scene;
  let services: RunningService[] = [];
  beforeEach(async () => {
    resetScript();
    scene = await openScene();
    services = [await startDemo(scene, [DemoController])];
  }, 180_000);
  afterEach(async () => {
    for (const service of services) await service.stop();
    await scene.close();
  }, 180_000);

  const batcher = (sizes: number[], options = {}): EdgeBatcher<number, string> =>
    new EdgeBatcher<number, string>(services[0]!.transactions, {
      name: 'demo',
      compare: (left, right) => left - right,
      handle: async (requests, tx) => {
        sizes.push(requests.length);
        if (requests.includes(13)) throw new Error('thirteen');
        await tx.query(`INSERT INTO effect (key, what) SELECT k, 'edge' FROM unnest($1::text[]) AS k`, [
          requests.map(String),
        ]);
        return { answers: requests.map((n) => `answer ${n}`), emit: { records: requests.map((n) => command(n)) } };
      },
      ...options,
    });

  it('joins what waits, answers after the commit in the order of the callers, and its records go out', async () => {
    const sizes: number[] = [];
    const edge = batcher(sizes, { maxAgeMs: 30_000 });
    const answers = await Promise.all(Array.from({ length: 500 }, (_, n) => edge.submit(n + 100)));
    expect(answers).toEqual(Array.from({ length: 500 }, (_, n) => `answer ${n + 100}`));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
    expect(sizes.length).toBeLessThan(20);
    await until('all commands handled', async () => (await count(scene.database, 'effect', `what <> 'edge'`)) === 500);
  }, 180_000);

  it('repeats a batch row by row when it fails as a whole: one bad request harms nobody else', async () => {
    const edge = batcher([], { maxAgeMs: 30_000 });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => edge.submit(n)));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(outcomes[13]).toMatchObject({ status: 'rejected', reason: { message: 'thirteen' } });
    expect(await count(scene.database, 'effect', `what = 'edge'`)).toBe(19);
  }, 180_000);

  it('is busy when too many wait', async () => {
    const edge = batcher([], { maxWaiting: 10, maxBatch: 1, maxOpen: 1 });
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => edge.submit(n + 100)));
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused) expect(one.reason).toBeInstanceOf(EdgeBusy);
    await edge.drain();
  }, 180_000);

  it('numbers the audit without gaps or doubles when two instances write the same buckets at once', async () => {
    services.push(await startDemo(scene, [DemoController], { instance: '2' }));
    const entry = (n: number): AuditEntry => ({
      subjectId: `pay_${n}`,
      bucket: n % 6,
      actor: 'service:demo',
      actions: [{ action: 'x' }],
    });
    const write = (n: number): Promise<null> =>
      services[n % 2]!.transactions.run(async () => ({
        result: null,
        emit: { records: [], audit: [entry(n), entry(n + 5), entry(n + 3)] },
      }));
    // As many at once as two pools have connections: waiting for one has a deadline of its own.
    for (let begun = 0; begun < 120; begun += 12) {
      await Promise.all(Array.from({ length: 12 }, (_, n) => write(begun + n)));
    }
    await until('published', async () => (await count(scene.database, 'outbox', 'published_at IS NULL')) === 0);
    const records = (await recordsOf(scene, auditOf('demo').topic)) as {
      id: string;
      data: { bucket: number; sequence: number };
    }[];
    for (let bucket = 0; bucket < 6; bucket++) {
      const sequences = records.filter(({ data }) => data.bucket === bucket).map(({ data }) => data.sequence);
      expect([...new Set(sequences)].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    }
    expect(new Set(records.map(({ id }) => id)).size).toBe(360);
  }, 180_000);

  it('a service that stops leaves nothing unpublished', async () => {
    const edge = batcher([], { maxAgeMs: 30_000 });
    await Promise.all(Array.from({ length: 300 }, (_, n) => edge.submit(n + 100)));
    await services.pop()!.stop();
    expect(await count(scene.database, 'outbox', 'published_at IS NULL')).toBe(0);
    expect(await count(scene.database, 'outbox_owner')).toBe(0);
  }, 180_000);
});
