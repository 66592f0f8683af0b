import { messagingMigrations } from '@gateway/messaging';
import { sqlMigration, type Migration } from '@gateway/persistence';

const parties = sqlMigration(
  1_700_000_100_001,
  'Parties',
  `
  CREATE TABLE party (
    id text PRIMARY KEY,
    partner_id text NOT NULL,
    region text NOT NULL CHECK (region IN ('US', 'CN', 'OTHER')),
    name_index text NOT NULL,
    sealed_identity bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_now()
  );
  COMMENT ON TABLE party IS 'Payers and payees of partners. Identity is sealed under the person''s own key; name_index is a blind index of the comparable name.';
  CREATE TABLE party_key (
    party_id text PRIMARY KEY REFERENCES party,
    wrapped_key bytea NOT NULL
  );
  COMMENT ON TABLE party_key IS 'The key of each person, wrapped by the service''s key. Deleting the row erases the person''s identity.';
`,
);

const screenings = sqlMigration(
  1_700_000_100_002,
  'Screenings',
  `
  CREATE TABLE screening (
    instruction_id text PRIMARY KEY,
    payment_id text NOT NULL,
    partner_id text NOT NULL,
    version integer NOT NULL,
    outcome text NOT NULL,
    rule text,
    list_version text NOT NULL,
    screened_at timestamptz NOT NULL
  );
  COMMENT ON TABLE screening IS 'One screening per instruction, as it stands; a repeat of the command is answered with it.';
`,
);

const auditLog = sqlMigration(
  1_700_000_100_003,
  'AuditLog',
  `
  CREATE TABLE audit_log (
    service text NOT NULL,
    bucket smallint NOT NULL,
    incarnation integer NOT NULL,
    sequence bigint NOT NULL,
    subject_id text NOT NULL,
    partner_id text,
    actor text NOT NULL,
    at timestamptz NOT NULL,
    record jsonb NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (service, bucket, incarnation, sequence)
  );
  COMMENT ON TABLE audit_log IS 'All services'' audit records, append-only; sequence has no gaps per service and bucket.';
  CREATE INDEX audit_log_subject ON audit_log (subject_id);
  SELECT make_append_only('audit_log');
`,
);

const keptAsDecided = sqlMigration(
  1_700_000_100_004,
  'KeptAsDecided',
  `
  SELECT make_append_only('screening');
  SELECT make_append_only('party');
`,
);

/** Compliance's own database, in order. */
export const migrations: Migration[] = [...messagingMigrations, parties, screenings, auditLog, keptAsDecided];
