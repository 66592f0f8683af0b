import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Harness, spied, type RuntimeProcess } from '../wallet-network/support/runtime-harness';
import type { WalletWord } from '../wallet-network/support/sleeping-wallet';
import { DemoController, resetScript } from './demo-controller';
import type { DemoOrders } from './demo-process';
import { command, count, fact, openScene, publish, startDemo, until, type RunningService, type Scene } from './support';

jest.setTimeout(180_000);

/** Far beyond the session of the group, the transaction's idle timeout, the owner's heartbeat and a call's lease. */
const STOPPED_MS = 60_000;
const PATIENCE_MS = 60_000;

/** A process that has stopped itself at one point, and what it says. */
interface Sleeper {
  child: ChildProcess;
  said: string[];
}

/** A sleeper in a group of two: the other member is the service in this process. */
interface Group {
  scene: Scene;
  service: RunningService;
  sleeper: Sleeper;
}

const says = ({ said }: Sleeper, word: string): Promise<void> =>
  until(word, async () => said.includes(word), PATIENCE_MS);

/** The three sleep at the same time, so that the minute passes once. */
describe('processes that are stopped for 60 seconds and woken later', () => {
  const started: Sleeper[] = [];
  const groups: Group[] = [];
  let inTransaction: Group;
  let beforePublishing: Group;
  let harness: Harness;
  let wallet: RuntimeProcess;
  let beforeCall: Sleeper;
  const asked: string[] = [];

  function start(file: string, environment: Record<string, string>): Sleeper {
    const child = fork(path.join(__dirname, file), [], {
      execArgv: ['-r', path.join(__dirname, 'typescript-register.cjs')],
      env: { ...process.env, ...environment, TEST_LOGS: '' },
    });
    const sleeper: Sleeper = { child, said: [] };
    child.on('message', (message) =>
      sleeper.said.push(typeof message === 'string' ? message : JSON.stringify(message)),
    );
    started.push(sleeper);
    return sleeper;
  }

  function startDemoProcess({ prefix, brokers, test }: Scene, orders: Partial<DemoOrders>): Sleeper {
    const all: DemoOrders = { prefix, brokers, url: test.url, ...orders };
    return start('demo-process.ts', { DEMO_ORDERS: JSON.stringify(all) });
  }

  async function sleepInTransaction(): Promise<Group> {
    const scene = await openScene();
    const sleeper = startDemoProcess(scene, { at: 'inside the transaction', act: 'SIGSTOP' });
    await says(sleeper, 'started');
    const group = { scene, sleeper, service: await startDemo(scene, [DemoController]) };
    groups.push(group);
    await publish(
      group.service,
      Array.from({ length: 240 }, (_, n) => command(n)),
    );
    await says(sleeper, 'reached');
    return group;
  }

  async function sleepBeforePublishing(): Promise<Group> {
    const scene = await openScene();
    const service = await startDemo(scene, [DemoController]);
    await publish(
      service,
      Array.from({ length: 30 }, (_, key) => fact(key, 1)),
    );
    const sleeper = startDemoProcess(scene, { at: 'before publishing', act: 'SIGSTOP', commit: 90 });
    const group = { scene, sleeper, service };
    groups.push(group);
    await says(sleeper, 'reached');
    return group;
  }

  async function sleepBeforeCall(): Promise<Sleeper> {
    harness = await Harness.open({ callTimeoutMs: 500 });
    wallet = harness.process(spied(harness, asked));
    const sleeper = start('../wallet-network/support/sleeping-wallet.ts', { WALLET_DATABASE: harness.test.url });
    await says(sleeper, 'reached');
    return sleeper;
  }

  beforeAll(async () => {
    resetScript();
    [inTransaction, beforePublishing, beforeCall] = await Promise.all([
      sleepInTransaction(),
      sleepBeforePublishing(),
      sleepBeforeCall(),
    ]);
    wallet.start();
    await pause(STOPPED_MS);
  });
  afterAll(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    for (const { service, scene } of groups) {
      await service.stop();
      await scene.close();
    }
    await harness?.close();
  });

  it('inside its transaction: the others have done its work, and it does nothing twice', async () => {
    const { scene, service, sleeper } = inTransaction;
    await until('the other has done all', async () => (await count(scene.database, 'effect')) === 240, PATIENCE_MS);
    sleeper.child.kill('SIGCONT');
    await publish(
      service,
      Array.from({ length: 60 }, (_, n) => command(1_000 + n)),
    );
    await until('all effects', async () => (await count(scene.database, 'effect')) === 300, PATIENCE_MS);
    await pause(2_000);
    expect(await count(scene.database, 'effect')).toBe(300);
    expect(await count(scene.database, '(SELECT DISTINCT key, what FROM effect) AS once')).toBe(300);
    expect(await count(scene.database, 'parked')).toBe(0);
  });

  it('before publishing: another owner has published, and the repeat harms nobody', async () => {
    const { scene, service, sleeper } = beforePublishing;
    const unpublished = (): Promise<number> => count(scene.database, 'outbox', 'published_at IS NULL');
    await until('published by another', async () => (await unpublished()) === 0, PATIENCE_MS);
    await until('all effects', async () => (await count(scene.database, 'effect')) >= 120, PATIENCE_MS);
    sleeper.child.kill('SIGCONT');
    await says(sleeper, 'committed');
    await publish(
      service,
      Array.from({ length: 30 }, (_, key) => fact(key, 2)),
    );
    const facts = (sequence: number): Promise<number> => count(scene.database, 'effect', `what = 'fact ${sequence}'`);
    await until('the later facts', async () => (await facts(2)) === 30, PATIENCE_MS);
    expect(await facts(1)).toBe(30);
    expect(await count(scene.database, 'parked')).toBe(0);
  });

  it('before a call: another process asked first and called once, and the sleeper calls nothing', async () => {
    const [{ instruction_id: id } = { instruction_id: '' }] = await harness.test.database.query<{
      instruction_id: string;
    }>('SELECT instruction_id FROM instruction');
    await harness.until(id, 'PROCESSED', PATIENCE_MS);
    expect(asked).toEqual(['enquire', 'hold']);
    beforeCall.child.kill('SIGCONT');
    await says(beforeCall, 'awake');
    expect(beforeCall.said).toEqual(['reached', 'awake'] satisfies WalletWord[]);
    expect(await harness.stateOf(id)).toBe('PROCESSED');
    expect(harness.network.books.movementsOf(id)).toHaveLength(1);
  });
});
