import { isInfrastructureError, sqlStateOf } from '@gateway/persistence';

/** Another reader has moved the partition on: this process has lost it, or was stopped and woken later. */
export class FenceLost extends Error {
  constructor() {
    super('another reader has moved these partitions on');
  }
}

const STATEMENT_TIMEOUT = '57014';
/** The server ended a transaction that idled too long: a stopped process has let go. */
const IDLE_TIMEOUTS = new Set(['25P03', '25P04']);
const REBALANCE_TYPES = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

/** How a failed transaction is treated (design S5). */
export type FailureKind = 'infrastructure' | 'slow' | 'data';

export function failureKindOf(error: unknown): FailureKind {
  const state = sqlStateOf(error);
  if (state === STATEMENT_TIMEOUT) return 'slow';
  if (state !== null && IDLE_TIMEOUTS.has(state)) return 'infrastructure';
  return isInfrastructureError(error) ? 'infrastructure' : 'data';
}

/** Errors of kafkajs that must reach it, because it answers them by joining the group again. */
export function isRebalance(error: unknown): boolean {
  return REBALANCE_TYPES.has((error as { type?: string } | null)?.type ?? '');
}

/** Errors that kafkajs does not answer by starting its consumer again, although all that is wrong is the broker. */
const BROKER_AWAY_NAMES = new Set(['KafkaJSGroupCoordinatorNotFound', 'KafkaJSLockTimeout', 'KafkaJSTimeout']);

/** kafkajs hands such an error on as it is or wrapped in one of its own. */
export function isBrokerAway(error: unknown): boolean {
  const { name = '', cause } = (error ?? {}) as { name?: string; cause?: unknown };
  return BROKER_AWAY_NAMES.has(name) || (cause !== undefined && cause !== error && isBrokerAway(cause));
}
