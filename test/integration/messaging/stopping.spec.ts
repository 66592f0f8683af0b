import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import path from 'node:path';
import { SERVICE } from './contracts';
import { DemoController, resetScript } from './demo-controller';
import type { DemoOrders } from './demo-process';
import { openScene, startDemo, until, type RunningService, type Scene } from './support';

/** It does not look whether its group is joined anew before it has to, so that the others wait for it. */
const INATTENTIVE = { sessionTimeoutMs: 30_000, consumerHeartbeatMs: 29_000 };
/** Twice what an attentive member needs to see that its group is joined anew. */
const SEEN_MS = 3_000;

describe('a service that is stopped while its group is joined anew', () => {
  let scene: Scene;
  let child: ChildProcess | undefined;
  const running: Promise<RunningService>[] = [];
  beforeAll(async () => {
    resetScript();
    scene = await openScene();
  }, 180_000);
  afterAll(async () => {
    child?.kill('SIGKILL');
    for (const service of await Promise.all(running)) await service.stop();
    await scene?.close();
  }, 180_000);

  function startChild(): Promise<ChildProcess> {
    const { prefix, brokers, test } = scene;
    const orders: DemoOrders = { prefix, brokers, url: test.url, endsByItself: true };
    const forked = fork(path.join(__dirname, 'demo-process.ts'), [], {
      execArgv: ['-r', path.join(__dirname, 'typescript-register.cjs')],
      env: { ...process.env, DEMO_ORDERS: JSON.stringify(orders), TEST_LOGS: '' },
    });
    return new Promise((resolve) => forked.once('message', () => resolve(forked)));
  }

  async function untilGroupIs(state: string, members: number): Promise<void> {
    await until(`a group of ${members}, ${state}`, async () => {
      const { groups } = await scene.admin.describeGroups([`${scene.prefix}${SERVICE}`]);
      return groups.some((group) => group.state === state && group.members.length === members);
    });
  }

  it('leaves nothing behind that keeps its process', async () => {
    child = await startChild();
    running.push(startDemo(scene, [DemoController], { instance: '2', limits: INATTENTIVE }));
    await untilGroupIs('Stable', 2);
    running.push(startDemo(scene, [DemoController], { instance: '3' }));
    await untilGroupIs('PreparingRebalance', 3);
    await pause(SEEN_MS);
    child.send('stop');
    await until('it has ended', async () => child?.exitCode !== null);
    expect(child.exitCode).toBe(0);
  }, 180_000);
});
