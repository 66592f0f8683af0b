export { Consumes, type Consumed, type ContractFamily } from './consumes';
export { EdgeBusy, type EdgeBatcherOptions } from './edge-batcher';
export {
  isOf,
  NOTHING,
  type AuditEntry,
  type BatchHandler,
  type Emitted,
  type InboundRecord,
  type OutboundRecord,
} from './message';
export { OutboxTransactions, type Worked } from './outbox-transactions';
