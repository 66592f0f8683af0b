import { Controller } from '@nestjs/common';
import { auditOf } from '@gateway/contracts/audit.service.v1';
import { Consumes, createTopics, type BatchHandler, type Emitted, type InboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import {
  conformanceContracts,
  conformanceHandler,
  messagingConformance,
  type MessagingUnderTest,
} from '@gateway-testing/messaging';
import { count, effectsOf, openScene, recordsOf, startDemo, until } from './support';

const { commands, facts, answers, service } = conformanceContracts;

messagingConformance('Kafka and PostgreSQL', async (): Promise<MessagingUnderTest> => {
  const poison = new Set<string>();
  const handle: BatchHandler = conformanceHandler(poison);
  @Controller()
  class ConformanceController {
    @Consumes(commands, facts)
    onRecords(records: InboundRecord[], tx: Tx): Promise<Emitted> {
      return handle(records, tx);
    }
  }
  const scene = await openScene();
  const contracts = [commands, facts, answers, auditOf(service)];
  await createTopics({ brokers: scene.brokers, prefix: scene.prefix, contracts });
  const limits = { parkedBackoffMs: [60_000, 60_000] };
  const running = await startDemo(scene, [ConformanceController], { limits, service });
  return {
    transactions: running.transactions,
    poison,
    settled: (effects, parked) =>
      until(`${effects} effects and ${parked} parked`, async () => {
        const now = [await count(scene.database, 'effect'), await count(scene.database, 'parked')];
        const unpublished = await count(scene.database, 'outbox', 'published_at IS NULL');
        return now[0] === effects && now[1] === parked && unpublished === 0;
      }),
    effects: () => effectsOf(scene.database),
    payloads: async (topic) => (await recordsOf(scene, topic)).map(({ data }) => data as Record<string, unknown>),
    append: async (topic, key, value) => {
      const producer = scene.kafka.producer();
      await producer.connect();
      await producer.send({ topic: `${scene.prefix}${topic}`, messages: [{ key, value, partition: 1 }] });
      await producer.disconnect();
    },
    parkedKinds: async () =>
      (await scene.database.query<{ kind: string }>('SELECT kind FROM parked ORDER BY id')).map(({ kind }) => kind),
    retryParked: async () => {
      await scene.database.query('UPDATE parked SET due = clock_timestamp()');
    },
    close: async () => {
      await running.stop();
      await scene.close();
    },
  };
});
