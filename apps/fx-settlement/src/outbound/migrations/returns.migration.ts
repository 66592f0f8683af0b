import { sqlMigration } from '@gateway/persistence';

/** Credits that the payee's network gives back: they are settlement items of their own. */
export const returnsMigration = sqlMigration(
  1_700_000_130_030,
  'Returns',
  `
  ALTER TABLE settlement_item DROP CONSTRAINT settlement_item_operation_check,
    ADD CONSTRAINT settlement_item_operation_check
      CHECK (operation IN ('capture', 'collect', 'credit', 'release', 'refund', 'return'));
`,
);
