import { sqlMigration } from '@gateway/persistence';

/** Why each payment took the way it took. */
export const routeMigration = sqlMigration(
  1_700_000_122_000,
  'Route',
  `
  ALTER TABLE payment ADD COLUMN route jsonb;
  COMMENT ON COLUMN payment.route IS 'The route decision: every rail, clearing and settlement bank that was considered, what was chosen, and why the others were not.';
`,
);
