import { sqlMigration } from '@gateway/persistence';

/** What a dispute takes from the acquirer's settlement, gives back to it, or makes a partner owe. */
export const disputesMigration = sqlMigration(
  1_700_000_130_040,
  'Disputes',
  `
  ALTER TABLE settlement_item DROP CONSTRAINT settlement_item_operation_check,
    ADD CONSTRAINT settlement_item_operation_check
      CHECK (operation IN ('capture', 'collect', 'credit', 'release', 'refund', 'return', 'chargeback',
        'chargeback_reversal', 'chargeback_recovery'));
`,
);
