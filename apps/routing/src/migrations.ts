import { messagingMigrations } from '@gateway/messaging';
import type { Migration } from '@gateway/persistence';
import { disputeMigration } from './outbound/migrations/dispute';
import { idempotencyMigration } from './outbound/migrations/idempotency';
import { partnerMigration } from './outbound/migrations/partner';
import { liabilityMigration } from './outbound/migrations/liability';
import { paymentMigration } from './outbound/migrations/payment';
import { refundMigration } from './outbound/migrations/refund';
import { refundWaysMigration } from './outbound/migrations/refund-ways';
import { routeMigration } from './outbound/migrations/route';
import { returnedCreditMigration } from './outbound/migrations/returned-credit';
import { takenBackMigration } from './outbound/migrations/taken-back';
import { webhookMigration } from './outbound/migrations/webhook';

/** What the launcher runs as the owner of the database `routing`. */
export const migrations: Migration[] = [
  ...messagingMigrations,
  partnerMigration,
  idempotencyMigration,
  webhookMigration,
  paymentMigration,
  refundMigration,
  returnedCreditMigration,
  routeMigration,
  disputeMigration,
  refundWaysMigration,
  liabilityMigration,
  takenBackMigration,
];
