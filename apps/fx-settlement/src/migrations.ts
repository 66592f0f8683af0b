import { messagingMigrations } from '@gateway/messaging';
import type { Migration } from '@gateway/persistence';
import { disputesMigration } from './outbound/migrations/disputes.migration';
import { ledgerMigration } from './outbound/migrations/ledger.migration';
import { limitsMigration } from './outbound/migrations/limits.migration';
import { refundTermsMigration } from './outbound/migrations/refund-terms.migration';
import { refundsMigration } from './outbound/migrations/refunds.migration';
import { returnsMigration } from './outbound/migrations/returns.migration';
import { quotingMigration } from './outbound/migrations/quoting.migration';

/** What the launcher runs as the owner of the database `fx_settlement`. */
export const migrations: Migration[] = [
  ...messagingMigrations,
  quotingMigration,
  limitsMigration,
  ledgerMigration,
  refundsMigration,
  returnsMigration,
  disputesMigration,
  refundTermsMigration,
];
