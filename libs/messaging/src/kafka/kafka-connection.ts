import { Logger } from '@nestjs/common';
import { Kafka, logLevel, type Admin, type Consumer, type LogEntry, type Producer } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessagingSettings } from '../settings';
import { calmIdleConnections } from './kafkajs-idle';
import { encodeInOnePass } from './kafkajs-produce';
import { partitionTogether } from './partition-assigner';

/** Where a partition's log begins and ends: the oldest offset kept and the next one to be written. */
export interface LogRange {
  low: number;
  high: number;
}

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** A connection that closes waits so long for answers. */
const LAST_ANSWERS_MS = 3_000;
/** kafkajs repeats inside this; then the caller decides. Never more than 1 s apart. */
const RETRY = { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 };

/** The administrative connection, and the questions that are under way on it. */
interface Line {
  readonly admin: Promise<Admin>;
  readonly asking: Set<Promise<unknown>>;
}

/** Makes kafkajs' clients with the settings of design section 5, and one administrative connection for questions. */
export class KafkaConnection {
  private readonly kafka: Kafka;
  private readonly logger = new Logger('kafka');
  private line: Line | null = null;
  private closed = false;

  constructor(private readonly settings: MessagingSettings) {
    calmIdleConnections();
    encodeInOnePass();
    this.kafka = new Kafka({
      clientId: `${settings.service}:${settings.owner}`,
      brokers: [...settings.brokers],
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retry: RETRY,
      logLevel: logLevel.WARN,
      logCreator: () => (entry) => this.log(entry),
    });
  }

  producer(): Producer {
    return this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: RETRY,
      createPartitioner: () => explicitPartition,
    });
  }

  /** `mayRestart` is asked before kafkajs starts a crashed consumer again, which a process that stops must not see. */
  consumer(mayRestart: () => boolean): Consumer {
    const { limits, groupId } = this.settings;
    return this.kafka.consumer({
      groupId,
      sessionTimeout: limits.sessionTimeoutMs,
      heartbeatInterval: limits.consumerHeartbeatMs,
      rebalanceTimeout: limits.rebalanceTimeoutMs,
      maxWaitTimeInMs: limits.fetchWaitMs,
      minBytes: 1,
      partitionAssigners: [partitionTogether],
      retry: { ...RETRY, restartOnFailure: async () => mayRestart() },
    });
  }

  async clusterId(): Promise<string> {
    return this.ask(async (admin) => (await admin.describeCluster()).clusterId);
  }

  /** How many partitions each topic has; topics that do not exist are left out. */
  async partitionCounts(topics: readonly string[]): Promise<Map<string, number>> {
    return this.ask(async (admin) => {
      const known = new Set(await admin.listTopics());
      const present = topics.filter((topic) => known.has(topic));
      if (present.length === 0) return new Map<string, number>();
      const { topics: found } = await admin.fetchTopicMetadata({ topics: present });
      return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
    });
  }

  async logRanges(topic: string): Promise<Map<number, LogRange>> {
    const offsets = await this.ask((admin) => admin.fetchTopicOffsets(topic));
    return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]));
  }

  async close(): Promise<void> {
    this.closed = true;
    const line = this.line;
    this.line = null;
    if (line) await hangUp(line);
  }

  /** A failed question leaves a fresh connection for the next one. */
  private async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('the connection to Kafka is closed');
    const line = (this.line ??= { admin: this.openAdmin(), asking: new Set() });
    const asked = line.admin.then(question);
    line.asking.add(asked);
    try {
      return await asked;
    } catch (error) {
      if (this.line === line) this.line = null;
      void hangUp(line);
      throw error;
    } finally {
      line.asking.delete(asked);
    }
  }

  private async openAdmin(): Promise<Admin> {
    const admin = this.kafka.admin({ retry: RETRY });
    await admin.connect();
    return admin;
  }

  /** Rebalances and lost connections are the daily life of a consumer: kept at debug; our own watch raises alarms. */
  private log(entry: LogEntry): void {
    this.logger.debug({ event: 'kafkajs', level: entry.level, part: entry.namespace, detail: entry.log.message });
  }
}

/** kafkajs opens connections for a question under way even after its client was disconnected: the questions end first. */
async function hangUp({ admin, asking }: Line): Promise<void> {
  const answered = Promise.allSettled(asking);
  await Promise.race([answered, pause(LAST_ANSWERS_MS, undefined, { ref: false })]);
  await admin.then((open) => open.disconnect()).catch(() => undefined);
}

function explicitPartition({ message }: { message: { partition?: number } }): number {
  if (message.partition === undefined) throw new TypeError('every record carries its partition');
  return message.partition;
}
