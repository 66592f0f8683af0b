import { messagingMigrations } from '@gateway/messaging';
import { sqlMigration, type Migration } from '@gateway/persistence';
import { walletMigrations } from '@gateway/wallet-network';

const forgottenTokens = sqlMigration(
  1_700_000_100_001,
  'ForgottenCardTokens',
  `
  ALTER TABLE instrument ADD COLUMN secret_forgotten_at timestamptz;
  COMMENT ON COLUMN instrument.secret_forgotten_at IS
    'When the sealed token was overwritten: a day after the instrument ended, when no call can need it any more.';
  CREATE INDEX instrument_with_token ON instrument (expires_at) WHERE secret_forgotten_at IS NULL;
`,
);

/** The tables of messages and of the wallet runtime, and what this network adds to them. */
export const migrations: Migration[] = [...messagingMigrations, ...walletMigrations, forgottenTokens];
