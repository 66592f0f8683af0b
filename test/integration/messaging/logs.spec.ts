import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { createTopics } from '@gateway/messaging';
import { drawFreePorts, LocalRuntime } from '@gateway/local-runtime';
import { demoCommands, demoFacts } from './contracts';
import { DemoController, resetScript } from './demo-controller';
import {
  command,
  count,
  DEMO_CONTRACTS,
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

describe('a log that is not what it was', () => {
  let scene: Scene;
  let service: RunningService | null = null;
  beforeEach(async () => {
    resetScript();
    scene = await openScene();
    service = await startDemo(scene, [DemoController], { limits: { watchEveryMs: 500 } });
  }, 180_000);
  afterEach(async () => {
    await service?.stop();
    await scene?.close();
  }, 180_000);

  const marked = (): Promise<void> =>
    until('all published', async () => (await count(scene.database, 'outbox', 'published_at IS NULL')) === 0);

  it('retention past the position: this partition stops, the others go on, a person moves it on', async () => {
    const topic = `${scene.prefix}${demoCommands.topic}`;
    await publish(service!, [command(0), command(1)]);
    await until('two effects', async () => (await count(scene.database, 'effect')) === 2);
    await service!.stop();
    const offline = await startDemo(scene, [], {});
    await publish(offline, [command(6), command(12), command(7)]);
    await marked();
    await offline.stop();
    await scene.admin.fetchTopicOffsets(topic); // kafkajs deletes records only of topics that it has looked at
    await scene.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    service = await startDemo(scene, [DemoController], { limits: { watchEveryMs: 500 } });
    await until('the other partition', async () => (await count(scene.database, 'effect', `key = 'pay_7'`)) === 1);
    await until('stopped', async () => (await count(scene.database, 'consumer_offset', 'stopped IS NOT NULL')) === 1);
    expect(await count(scene.database, 'effect', `key = 'pay_12'`)).toBe(0);
    await scene.database.query(`UPDATE consumer_offset SET next = 2, stopped = NULL WHERE stopped IS NOT NULL`);
    await until('it goes on', async () => (await count(scene.database, 'effect', `key = 'pay_12'`)) === 1);
  }, 180_000);

  it('a topic made anew is read from its beginning', async () => {
    const facts = Array.from({ length: 60 }, (_, n) => fact(n, 1));
    await publish(service!, facts);
    await until('the effects', async () => (await count(scene.database, 'effect')) === 60);
    await marked();
    await service!.stop();
    await scene.admin.deleteTopics({ topics: [`${scene.prefix}${demoFacts.topic}`] });
    await until(
      'it is gone',
      async () => !(await scene.admin.listTopics()).includes(`${scene.prefix}${demoFacts.topic}`),
    );
    await createTopics({ brokers: scene.brokers, prefix: scene.prefix, contracts: DEMO_CONTRACTS });
    service = await startDemo(scene, [DemoController]);
    await publish(
      service,
      Array.from({ length: 6 }, (_, n) => fact(n, 2)),
    );
    await until('the new ones', async () => (await count(scene.database, 'effect')) === 66);
    expect(await count(scene.database, 'effect', `what = 'fact 2'`)).toBe(6);
  }, 180_000);

  it('a topic with another number of partitions refuses the start', async () => {
    await service!.stop();
    await scene.admin.createPartitions({ topicPartitions: [{ topic: `${scene.prefix}${demoFacts.topic}`, count: 7 }] });
    await until('seven', async () => {
      const { topics } = await scene.admin.fetchTopicMetadata({ topics: [`${scene.prefix}${demoFacts.topic}`] });
      return topics[0]!.partitions.length === 7;
    });
    service = null;
    await expect(startDemo(scene, [DemoController])).rejects.toThrow('7 partitions instead of 6');
    await expect(
      createTopics({ brokers: scene.brokers, prefix: scene.prefix, contracts: DEMO_CONTRACTS }),
    ).rejects.toThrow('7 instead of 6');
  }, 180_000);

  it('a connection cut after the append, under concurrent commits, loses nothing and does nothing twice', async () => {
    const cutter = cutProduceAnswers();
    try {
      await service!.stop();
      service = await startDemo(scene, [DemoController]);
      await publish(service, [fact(0, 1)]);
      await until('warm', async () => (await count(scene.database, 'effect')) === 1);
      for (let round = 2; round <= 6; round++) {
        cutter.armed = 1;
        const some = Array.from({ length: 24 }, (_, key) => fact(key, key === 0 ? round : round - 1));
        await Promise.all(some.map((one) => publish(service!, [one])));
        await until('cut', async () => cutter.armed === 0);
      }
      await until('all effects', async () => (await count(scene.database, 'effect')) >= 1 + 5 * 24);
      await marked();
      expect(cutter.cuts).toBe(5);
      expect(await count(scene.database, 'effect')).toBe(121);
      expect(new Set(await effectsOf(scene.database)).size).toBe(121);
      expect(await count(scene.database, 'parked')).toBe(0);
      expect((await recordsOf(scene, demoFacts.topic)).length).toBeGreaterThan(121);
    } finally {
      cutter.restore();
    }
  }, 180_000);
});

/** Lets a produce request through to the broker and cuts the connection before its answer is seen. */
function cutProduceAnswers(): { armed: number; cuts: number; restore: () => void } {
  const PRODUCE = 0;
  const state = { armed: 0, cuts: 0, restore: (): void => void spy.mockRestore() };
  const connect = net.connect.bind(net);
  const spy = jest.spyOn(net, 'connect').mockImplementation((...given: Parameters<typeof net.connect>) => {
    const socket = connect(...given);
    const write = socket.write.bind(socket);
    socket.write = (data: Buffer, ...rest: never[]): boolean => {
      const isProduce = Buffer.isBuffer(data) && data.length > 6 && data.readInt16BE(4) === PRODUCE;
      if (isProduce && state.armed > 0) {
        state.armed--;
        state.cuts++;
        socket.pause();
        setTimeout(() => socket.destroy(new Error('cut')), 60);
      }
      return write(data, ...rest);
    };
    return socket;
  });
  return state;
}

describe('a broker that has lost its data', () => {
  it('ends the process, and what was published is published again to the new cluster', async () => {
    resetScript();
    const dataDir = mkdtempSync('/var/tmp/messaging-broker-');
    const [postgres, kafka, kafkaController] = (await drawFreePorts(3)) as [number, number, number];
    const runtime = LocalRuntime.open({
      dataDir,
      ports: { postgres, kafka, kafkaController },
      databaseUrl: process.env['TEST_DATABASE_ADMIN_URL'] ?? '',
    });
    let scene: Scene | undefined;
    let service: RunningService | undefined;
    try {
      await runtime.up();
      scene = await openScene(runtime.kafkaBrokers);
      service = await startDemo(scene, [DemoController], { limits: { watchEveryMs: 500 } });
      await publish(
        service,
        Array.from({ length: 90 }, (_, n) => fact(n, 1)),
      );
      await until('the effects', async () => (await count(scene!.database, 'effect')) === 90);
      await until('marks', async () => (await count(scene!.database, 'outbox', 'published_at IS NULL')) === 0);
      await runtime.loseKafkaData();
      await runtime.startKafka();
      await until('the process gives up', async () => service!.fatal.length > 0);
      await service.stop();
      await createTopics({ brokers: scene.brokers, prefix: scene.prefix, contracts: DEMO_CONTRACTS });
      service = await startDemo(scene, [DemoController], { limits: { watchEveryMs: 500 } });
      await publish(
        service,
        Array.from({ length: 90 }, (_, n) => fact(n, 2)),
      );
      await until('the second facts', async () => (await count(scene!.database, 'effect')) === 180, 60_000);
      await until('the first facts in the new log', async () => {
        const again = (await recordsOf(scene!, demoFacts.topic)) as { data: { sequence: number } }[];
        return again.filter(({ data }) => data.sequence === 1).length >= 90;
      });
      expect(await count(scene.database, 'effect', `what = 'fact 1'`)).toBe(90);
      expect(await count(scene.database, 'parked')).toBe(0);
    } finally {
      await service?.stop();
      await scene?.close().catch(() => undefined);
      await runtime.down();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 150_000);
});
