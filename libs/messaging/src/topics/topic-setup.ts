import type { Contract } from '@gateway/contracts/contract';
import { Kafka, logLevel, type Admin, type ITopicConfig } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';

/** Where topics are made, and for which contracts. */
export interface TopicSetup {
  brokers: readonly string[];
  prefix: string;
  contracts: readonly Contract[];
  replicationFactor?: number;
}

/** Dead letters wait for a person: one partition, three months. */
const DEAD_LETTER_PARTITIONS = 1;
const DEAD_LETTER_RETENTION_MS = 90 * 86_400_000;
const LED_WITHIN_MS = 15_000;
const LED_POLL_MS = 50;

/** Thrown where a topic exists with another number of partitions: keys would change their partition. */
export class TopicMismatch extends Error {}

interface WantedTopic {
  topic: string;
  partitions: number;
  retentionMs: number;
}

/**
 * The set-up step that makes topics; nothing else does. Makes what is missing, with each topic's dead letters, and
 * checks what exists.
 * @throws TopicMismatch
 */
export async function createTopics(setup: TopicSetup): Promise<{ created: string[] }> {
  const kafka = new Kafka({ clientId: 'topic-setup', brokers: [...setup.brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const wanted = wantedTopics(setup);
    const present = new Set(await admin.listTopics());
    const existing = wanted.filter(({ topic }) => present.has(topic));
    if (existing.length > 0) {
      const { topics } = await admin.fetchTopicMetadata({ topics: existing.map(({ topic }) => topic) });
      refuseOtherCounts(existing, new Map(topics.map(({ name, partitions }) => [name, partitions.length])));
    }
    const missing = wanted.filter(({ topic }) => !present.has(topic));
    if (missing.length > 0) {
      const topics = missing.map((one) => configOf(one, setup.replicationFactor ?? 1));
      await admin.createTopics({ waitForLeaders: false, topics });
      await untilLed(admin, missing);
    }
    return { created: missing.map(({ topic }) => topic) };
  } finally {
    await admin.disconnect();
  }
}

/** The broker tells of new topics a moment after it has made them; until then it denies that they exist. */
async function untilLed(admin: Admin, wanted: readonly WantedTopic[]): Promise<void> {
  const end = performance.now() + LED_WITHIN_MS;
  for (;;) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) });
      if (topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)))
        return;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    if (performance.now() > end) throw new Error('the new topics have no leaders');
    await pause(LED_POLL_MS);
  }
}

/** Which topics: these, or all whose names begin so. */
export type TopicChoice = readonly string[] | { prefix: string };

/** Removes topics, for `gw topics reset` and tests; their readers' rows go separately. Answers which there were. */
export async function deleteTopics(brokers: readonly string[], choice: TopicChoice): Promise<string[]> {
  if ('prefix' in choice && choice.prefix === '') throw new Error('without a prefix everything would be deleted');
  const isChosen = (topic: string): boolean =>
    'prefix' in choice ? topic.startsWith(choice.prefix) : choice.includes(topic);
  const admin = new Kafka({ clientId: 'topic-setup', brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter(isChosen);
    if (topics.length > 0) await admin.deleteTopics({ topics });
    return topics;
  } finally {
    await admin.disconnect();
  }
}

function wantedTopics({ contracts, prefix }: TopicSetup): WantedTopic[] {
  return contracts.flatMap(({ topic, partitions, retentionMs }) => [
    { topic: `${prefix}${topic}`, partitions, retentionMs },
    { topic: `${prefix}${topic}.dlq`, partitions: DEAD_LETTER_PARTITIONS, retentionMs: DEAD_LETTER_RETENTION_MS },
  ]);
}

function refuseOtherCounts(wanted: readonly WantedTopic[], found: ReadonlyMap<string, number>): void {
  const wrong = wanted.filter(({ topic, partitions }) => found.get(topic) !== partitions);
  if (wrong.length === 0) return;
  const list = wrong.map(({ topic, partitions }) => `${topic} has ${found.get(topic)} instead of ${partitions}`);
  throw new TopicMismatch(`The number of partitions is part of a contract and cannot change: ${list.join('; ')}`);
}

function configOf({ topic, partitions, retentionMs }: WantedTopic, replicationFactor: number): ITopicConfig {
  const configEntries = [{ name: 'retention.ms', value: String(retentionMs) }];
  return { topic, numPartitions: partitions, replicationFactor, configEntries };
}
