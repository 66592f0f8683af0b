import { sqlMigration } from '@gateway/persistence';

/** Partners, their API keys, and what they registered at intake: ids and capabilities only, never raw values. */
export const partnerMigration = sqlMigration(
  1_700_000_110_000,
  'Partner',
  `
  CREATE TABLE partner (
    partner_id text PRIMARY KEY,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'stopped')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  COMMENT ON TABLE partner IS 'Partner wallets that use the partner API.';

  CREATE TABLE api_key (
    key_id text PRIMARY KEY,
    partner_id text NOT NULL REFERENCES partner,
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    revoked_at timestamptz
  );
  COMMENT ON TABLE api_key IS 'API keys: SHA-256 of a 256-bit secret, never the secret.';

  CREATE TABLE instrument (
    instrument_id text PRIMARY KEY,
    partner_id text NOT NULL REFERENCES partner,
    network text NOT NULL,
    use text NOT NULL CHECK (use IN ('pay', 'be_paid')),
    capabilities jsonb NOT NULL,
    label text NOT NULL,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  COMMENT ON TABLE instrument IS 'What an instrument can do, scoped to its partner; its raw value stays with the wallet service that owns it.';

  CREATE TABLE party (
    party_id text PRIMARY KEY,
    partner_id text NOT NULL REFERENCES partner,
    role text NOT NULL CHECK (role IN ('payer', 'payee', 'any')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  COMMENT ON TABLE party IS 'Which partner registered which party in which role; identity is held by compliance alone.';

  CREATE TABLE offer_key (
    kid text PRIMARY KEY,
    x text NOT NULL,
    signs_from timestamptz NOT NULL,
    valid_until timestamptz NOT NULL
  );
  COMMENT ON TABLE offer_key IS 'Public keys that sign offers, as published on fx.key.events.v1.';
`,
);
