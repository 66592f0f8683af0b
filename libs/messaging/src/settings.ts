import type { ContractFamily } from './consumes';

/** A family of topics with its members: `[walletEvents, ['applepay', 'alipay']]`. */
export type FamilyMembers = readonly [family: ContractFamily, members: readonly string[]];

/** Times and sizes of messaging (design section 5). Tests scale the times; nothing else changes them. */
export interface MessagingLimits {
  maxBatch: number;
  /** Cycles start at least this far apart while fewer than `maxBatch` records wait. */
  minCycleMs: number;
  /** Under load a cycle rests as long as its work took, but at most this. */
  maxRestMs: number;
  markAloneAfterMs: number;
  heartbeatMs: number;
  sweepAfterMs: number;
  ownerDeadAfterMs: number;
  sessionTimeoutMs: number;
  consumerHeartbeatMs: number;
  rebalanceTimeoutMs: number;
  fetchWaitMs: number;
  /** No FETCH or HEARTBEAT for this long while the broker answers: the process exits. */
  deafAfterMs: number;
  watchEveryMs: number;
  /** Waits before the tries of a parked record; after the last a person decides. */
  parkedBackoffMs: readonly number[];
  gapAlarmMs: number;
  emptyWithinMs: number;
}

export const DEFAULT_LIMITS: MessagingLimits = {
  maxBatch: 500,
  minCycleMs: 40,
  maxRestMs: 100,
  markAloneAfterMs: 500,
  heartbeatMs: 1_000,
  sweepAfterMs: 2_000,
  ownerDeadAfterMs: 5_000,
  sessionTimeoutMs: 6_000,
  consumerHeartbeatMs: 1_500,
  rebalanceTimeoutMs: 10_000,
  fetchWaitMs: 500,
  deafAfterMs: 20_000,
  watchEveryMs: 5_000,
  parkedBackoffMs: [1_000, 5_000, 20_000, 75_000, 300_000],
  gapAlarmMs: 30_000,
  emptyWithinMs: 3_000,
};

/** Everything that the parts of messaging agree on in one process. */
export class MessagingSettings {
  constructor(
    readonly service: string,
    readonly brokers: readonly string[],
    readonly prefix: string,
    /** Unique per process start: a restarted process takes over its predecessor's rows as those of a dead owner. */
    readonly owner: string,
    readonly families: readonly FamilyMembers[],
    readonly limits: MessagingLimits,
    readonly outboxKeepHours: number,
  ) {}

  get groupId(): string {
    return `${this.prefix}${this.service}`;
  }

  /** The name in Kafka of a contract's topic. */
  physical(topic: string): string {
    return `${this.prefix}${topic}`;
  }

  /** The contract's topic of a name in Kafka. */
  logical(topic: string): string {
    return topic.slice(this.prefix.length);
  }
}
