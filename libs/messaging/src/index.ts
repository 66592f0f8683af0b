export { BatchStrategy } from './batch-strategy';
export { Consumes, ConsumesToStore, type Consumed, type ContractFamily, type ReadingMode } from './consumes';
export { EdgeBatcher, EdgeBusy, type EdgeBatcherOptions } from './edge-batcher';
export { LeaseLoop, type Lease, type LeaseLoopOptions, type LeaseTable } from './leases/lease-loop';
export {
  isOf,
  NOTHING,
  type AuditEntry,
  type BatchHandler,
  type Emitted,
  type InboundRecord,
  type OutboundRecord,
} from './message';
export { MessagingConfig } from './messaging.config';
export { messagingMigrations } from './messaging-migrations';
export { MessagingModule, type MessagingOptions } from './messaging.module';
export { OutboxTransactions, type Worked } from './outbox-transactions';
export { restAfter } from './reading/cycle-rest';
export { DEFAULT_LIMITS, MessagingSettings, type FamilyMembers, type MessagingLimits } from './settings';
export { allContracts, networkContracts, type TopicMembers } from './topics/contract-discovery';
export {
  decideParked,
  DecisionRefused,
  listParked,
  type ParkedDecision,
  type ParkedRecord,
} from './operations/parked-decisions';
export { replayRecords, type Replayed, type ReplayWish } from './operations/replay';
export { createTopics, deleteTopics, TopicMismatch, type TopicSetup } from './topics/topic-setup';
