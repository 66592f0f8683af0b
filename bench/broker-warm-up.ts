import { Kafka, logLevel } from 'kafkajs';

const TOPIC = 'bench-warm-up';
const PARTITIONS = 6;
const REQUESTS = 600;
const RECORDS = 100;
const VALUE = 'x'.repeat(700);

/** The broker's virtual machine compiles what it runs often: before the first round it has run often enough. */
export async function warmUpBroker(brokers: readonly string[]): Promise<void> {
  const kafka = new Kafka({ clientId: 'bench-warm-up', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  const consumer = kafka.consumer({ groupId: TOPIC, maxWaitTimeInMs: 50 });
  await Promise.all([admin.connect(), producer.connect(), consumer.connect()]);
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: TOPIC, numPartitions: PARTITIONS }] });
  let seen = 0;
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
  const all = new Promise<void>((resolve, reject) => {
    const eachBatch = async ({ batch }: { batch: { messages: readonly unknown[] } }): Promise<void> => {
      seen += batch.messages.length;
      if (seen >= REQUESTS * RECORDS) resolve();
    };
    consumer.run({ autoCommit: false, eachBatch }).catch(reject);
  });
  for (let request = 0; request < REQUESTS; request++) {
    const messages = Array.from({ length: RECORDS }, (_, index) => ({ partition: index % PARTITIONS, value: VALUE }));
    await producer.sendBatch({ topicMessages: [{ topic: TOPIC, messages }] });
  }
  await all;
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
  await admin.deleteTopics({ topics: [TOPIC] });
  await admin.disconnect();
}
