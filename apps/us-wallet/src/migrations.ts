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

const disputeSweep = sqlMigration(
  1_700_000_100_002,
  'DisputeSweep',
  `
  CREATE TABLE dispute_sweep (
    sweep text PRIMARY KEY DEFAULT 'disputes' CHECK (sweep = 'disputes'),
    period interval NOT NULL CHECK (period > interval '0'),
    overlap interval NOT NULL CHECK (overlap >= interval '0'),
    swept_until timestamptz NOT NULL DEFAULT clock_now(),
    due timestamptz NOT NULL DEFAULT clock_now(),
    lease bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity'
  );
  INSERT INTO dispute_sweep (period, overlap) VALUES ('15 minutes', '1 day');
  COMMENT ON TABLE dispute_sweep IS
    'One row: when the acquirer is asked next which disputes have changed (due, business time; every period), and since when (swept_until less overlap). lease, lease_until (machine time): whoever sweeps.';
`,
);

/** The tables of messages and of the wallet runtime, and what this network adds to them. */
export const migrations: Migration[] = [...messagingMigrations, ...walletMigrations, forgottenTokens, disputeSweep];
