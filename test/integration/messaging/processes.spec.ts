import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { demoAnswers } from './contracts';
import { DemoController, resetScript } from './demo-controller';
import type { DemoOrders } from './demo-process';
import {
  command,
  count,
  openScene,
  publish,
  recordsOf,
  startDemo,
  until,
  type RunningService,
  type Scene,
} from './support';

/** Effects that were done more than once. */
const doubled = (scene: Scene): Promise<number> =>
  count(scene.database, '(SELECT key, what FROM effect GROUP BY key, what HAVING count(*) > 1) AS twice');

describe('processes that die', () => {
  let scene: Scene;
  let service: RunningService | null;
  let children: ChildProcess[];
  beforeEach(async () => {
    resetScript();
    children = [];
    service = null;
    scene = await openScene();
  }, 180_000);
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await service?.stop();
    await scene?.close();
  }, 180_000);

  const start = (orders: Partial<DemoOrders>): { child: ChildProcess; said: string[] } => {
    const { prefix, brokers, test } = scene;
    const all: DemoOrders = { prefix, brokers, url: test.url, ...orders };
    const child = fork(path.join(__dirname, 'demo-process.ts'), [], {
      execArgv: ['-r', path.join(__dirname, 'typescript-register.cjs')],
      env: { ...process.env, DEMO_ORDERS: JSON.stringify(all), TEST_LOGS: '' },
    });
    const said: string[] = [];
    child.on('message', (message) => said.push(typeof message === 'string' ? message : JSON.stringify(message)));
    children.push(child);
    return { child, said };
  };
  const says = (said: string[], word: string): Promise<void> => until(word, async () => said.includes(word));

  it('a process killed after its commit and before publishing, never back: another owner publishes', async () => {
    service = await startDemo(scene, [DemoController]);
    const { child, said } = start({ at: 'before publishing', act: 'SIGKILL', commit: 120 });
    await says(said, 'reached');
    await until('it is dead', async () => child.exitCode !== null || child.signalCode !== null);
    expect(await count(scene.database, 'outbox', 'published_at IS NULL')).toBeGreaterThan(0);
    await until('all effects', async () => (await count(scene.database, 'effect')) === 120);
    expect(await doubled(scene)).toBe(0);
  }, 180_000);

  it('a partition that moves before the marks are written: rows go out again, effects do not', async () => {
    const { child, said } = start({ neverMark: true });
    await says(said, 'started');
    service = await startDemo(scene, [DemoController], { limits: { markAloneAfterMs: 3_600_000 } });
    await publish(
      service,
      Array.from({ length: 120 }, (_, n) => command(n)),
    );
    await until('all effects', async () => (await count(scene.database, 'effect')) === 120);
    child.kill('SIGKILL');
    await until('the rest of the group has taken over the rows', async () => {
      const answers = await recordsOf(scene, demoAnswers.topic);
      return new Set(answers.map(({ id }) => id)).size === 120 && answers.length >= 120;
    });
    await publish(
      service,
      Array.from({ length: 60 }, (_, n) => command(1_000 + n)),
    );
    await until('later effects', async () => (await count(scene.database, 'effect')) === 180);
    expect(await doubled(scene)).toBe(0);
  }, 180_000);
});
