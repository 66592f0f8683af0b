import { Logger } from '@nestjs/common';
import type { KafkaMessage } from 'kafkajs';
import type { KafkaConnection, LogRange } from '../kafka/kafka-connection';
import type { MessagingMetrics } from '../metrics';
import type { MessagingSettings } from '../settings';
import type { Positions, TopicPartition } from './positions';

/** The part of a fetched batch that admission judges. */
export interface Arrival extends TopicPartition {
  messages: readonly KafkaMessage[];
  highWatermark: number;
}

/** Take the batch, fetch again from the position held, or leave the partition alone. */
export type Admission = 'take' | 'seek' | 'stop';

/** Compares what Kafka gives with the position that this group holds (design S2). */
export class AdmissionDesk {
  private readonly logger = new Logger('reading');
  /** Positions already sought once: the same answer again means that the log has a true gap there. */
  private readonly sought = new Map<string, number>();

  constructor(
    private readonly settings: MessagingSettings,
    private readonly connection: KafkaConnection,
    private readonly positions: Positions,
    private readonly metrics: MessagingMetrics,
  ) {}

  async judge(arrival: Arrival): Promise<Admission> {
    const { topic, partition, messages, highWatermark } = arrival;
    const held = this.positions.heldOf(topic, partition);
    if (held === undefined || this.positions.isStopped(topic, partition)) return 'stop';
    const first = Number(messages[0]!.offset);
    if (first <= held && highWatermark >= held) return 'take';
    const verdict = await this.judgeLog(arrival, held);
    if (verdict !== 'take') return verdict;
    const name = `${topic}/${partition}`;
    if (first <= held || this.sought.get(name) === held) return 'take';
    this.sought.set(name, held);
    return 'seek';
  }

  /** Asks for the log's ends: a batch's own high watermark may be older than the position. */
  async judgeLog({ topic, partition }: TopicPartition, held: number): Promise<Admission> {
    const ranges = await this.connection.logRanges(this.settings.physical(topic));
    return this.judgeRange({ topic, partition }, held, ranges.get(partition));
  }

  async judgeRange(where: TopicPartition, held: number, range: LogRange | undefined): Promise<Admission> {
    if (range === undefined) return 'take';
    if (range.high < held) {
      this.logger.error({ event: 'log_lost_its_tail', ...where, held, high: range.high });
      await this.positions.rewind(where);
      return 'seek';
    }
    if (range.low > held) {
      const reason = `records ${held} to ${range.low - 1} were deleted unread`;
      this.logger.error({ event: 'partition_stopped', ...where, reason });
      await this.positions.stop(where, reason);
      this.metrics.stoppedPartitions.set(this.positions.stopped().length);
      return 'stop';
    }
    return 'take';
  }
}
