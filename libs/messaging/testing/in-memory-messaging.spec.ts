import { conformanceContracts, conformanceHandler } from './conformance-handler';
import { messagingConformance, type MessagingUnderTest } from './conformance';
import { InMemoryMessaging } from './in-memory-messaging';

messagingConformance('the twin in memory', async (): Promise<MessagingUnderTest> => {
  const { commands, facts, service } = conformanceContracts;
  const poison = new Set<string>();
  const twin = new InMemoryMessaging(service);
  twin.consume([commands, facts], conformanceHandler(poison));
  return {
    transactions: twin,
    poison,
    settled: async (effects, parked) => {
      await twin.settle();
      expect(twin.statements).toHaveLength(effects);
      expect(twin.parked).toHaveLength(parked);
    },
    effects: async () => twin.statements.map(({ values }) => values.join(' ')),
    payloads: async (topic) =>
      twin.recordsOf(topic).map(({ value }) => (JSON.parse(value) as { data: Record<string, unknown> }).data),
    append: async (topic, key, value) => twin.append(topic, { key, value, partition: 1, traceparent: null }),
    parkedKinds: async () => twin.parked.map(({ kind }) => kind),
    retryParked: () => twin.retryParked(),
    close: async () => undefined,
  };
});
