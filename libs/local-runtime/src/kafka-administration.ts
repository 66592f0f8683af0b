import { type Admin, Kafka, logLevel } from 'kafkajs';
import { RuntimeRefusal } from './refusal';

/** A topic as its contract declares it. */
export interface TopicDeclaration {
  readonly topic: string;
  readonly partitions: number;
  /** Kafka's names and values, for example `retention.ms`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs one piece of administration on a connection of its own. */
export async function withKafkaAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const kafka = new Kafka({
    clientId: 'gateway-local-runtime',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { retries: 2, initialRetryTime: 200 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** The id of the cluster that answers, or undefined when none does. */
export async function readClusterId(brokers: readonly string[]): Promise<string | undefined> {
  try {
    const cluster = await withKafkaAdmin(brokers, (admin) => admin.describeCluster());
    return cluster.brokers.length > 0 ? cluster.clusterId : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes the missing topics and checks the present ones. The number of partitions is part of a contract, because a key
 * lives in one partition for ever: another count is refused, never adjusted.
 */
export async function ensureTopics(
  brokers: readonly string[],
  wanted: readonly TopicDeclaration[],
): Promise<{ created: string[] }> {
  return withKafkaAdmin(brokers, async (admin) => {
    const present = new Set(await admin.listTopics());
    const missing = wanted.filter(({ topic }) => !present.has(topic));
    await refuseOtherPartitionCounts(
      admin,
      wanted.filter(({ topic }) => present.has(topic)),
    );
    if (missing.length > 0) await admin.createTopics({ waitForLeaders: true, topics: missing.map(toTopicConfig) });
    return { created: missing.map(({ topic }) => topic) };
  });
}

async function refuseOtherPartitionCounts(admin: Admin, wanted: readonly TopicDeclaration[]): Promise<void> {
  if (wanted.length === 0) return;
  const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) });
  const counts = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  for (const { topic, partitions } of wanted) {
    const found = counts.get(topic);
    if (found === partitions) continue;
    throw new RuntimeRefusal(
      `Topic ${topic} has ${found} partitions, its contract says ${partitions}: a count cannot change; make the topic anew or use another broker.`,
    );
  }
}

function toTopicConfig({
  topic,
  partitions,
  settings = {},
}: TopicDeclaration): Parameters<Admin['createTopics']>[0]['topics'][number] {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  return { topic, numPartitions: partitions, configEntries };
}

/**
 * The first member of the first group waits seconds while the broker makes its offsets topic; asking for a coordinator
 * makes it beforehand.
 */
export async function prepareConsumerGroups(brokers: readonly string[]): Promise<void> {
  await withKafkaAdmin(brokers, (admin) => admin.describeGroups(['gateway-local-runtime'])).catch(() => undefined);
}

/** How many records every topic holds now: the distance between log start and log end, over all partitions. */
export async function countRecords(
  brokers: readonly string[],
  topics: readonly string[],
): Promise<Record<string, number>> {
  return withKafkaAdmin(brokers, async (admin) => {
    const counts = await Promise.all(topics.map(async (topic) => [topic, await countOne(admin, topic)] as const));
    return Object.fromEntries(counts);
  });
}

async function countOne(admin: Admin, topic: string): Promise<number> {
  const partitions = await admin.fetchTopicOffsets(topic);
  return partitions.reduce((sum, { low, high }) => sum + Number(BigInt(high) - BigInt(low)), 0);
}
