import { sqlMigration, type Migration } from '@gateway/persistence';

const instruments = sqlMigration(
  1_700_000_050_001,
  'WalletInstruments',
  `
  CREATE TABLE instrument (
    instrument_id text PRIMARY KEY,
    partner_id text NOT NULL,
    use text NOT NULL CHECK (use IN ('pay', 'be_paid')),
    scheme text NOT NULL,
    capabilities jsonb NOT NULL,
    label text NOT NULL,
    sealed_secret bytea NOT NULL,
    unique_key text UNIQUE,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_now()
  );
  COMMENT ON TABLE instrument IS
    'Instruments that this network owns. The raw value is sealed (AES-256-GCM, key SEAL_KEY) and opened for a call only.';
  COMMENT ON COLUMN instrument.unique_key IS 'Of one-time values: a second intake of the same value is refused.';
`,
);

const instructions = sqlMigration(
  1_700_000_050_002,
  'WalletInstructions',
  `
  CREATE SEQUENCE lease_number;
  CREATE TABLE instruction (
    instruction_id text PRIMARY KEY,
    payment_id text NOT NULL,
    partner_id text NOT NULL,
    partition smallint NOT NULL,
    operation text NOT NULL CHECK (operation IN ('hold', 'collect', 'capture', 'credit', 'release', 'refund', 'refused')),
    amount bigint NOT NULL CHECK (amount >= 0),
    currency text NOT NULL,
    purpose text NOT NULL,
    bop_code text NOT NULL,
    instrument_id text,
    target_id text,
    not_after timestamptz,
    traceparent text,
    state text NOT NULL CHECK (state IN
      ('QUEUED', 'SENT', 'PENDING', 'UNKNOWN', 'PROCESSED', 'DECLINED', 'NOT_SUBMITTED', 'TOMBSTONE')),
    attempt integer NOT NULL DEFAULT 0,
    in_doubt boolean NOT NULL DEFAULT false,
    enquiries integer NOT NULL DEFAULT 0,
    plan_start timestamptz,
    due timestamptz,
    lease bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    undo jsonb,
    released_by text,
    nudged_at timestamptz,
    needs_person boolean NOT NULL DEFAULT false,
    network_reference text,
    processed_amount bigint,
    processed_at timestamptz,
    first_sent_at timestamptz,
    version integer NOT NULL DEFAULT 0,
    outcome jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_now(),
    CHECK (state <> 'SENT' OR lease > 0)
  );
  CREATE INDEX instruction_due ON instruction (due) WHERE due IS NOT NULL;
  CREATE INDEX instruction_payment ON instruction (payment_id);
  COMMENT ON TABLE instruction IS
    'One thing to do at the network. The row exists before the call (the intent); its outcome is written after it.';
  COMMENT ON COLUMN instruction.due IS 'Business time of the next step; null where nothing is to be done.';
  COMMENT ON COLUMN instruction.lease IS 'Fencing number of whoever acts on the row; an outcome is taken under this number alone.';
  COMMENT ON COLUMN instruction.lease_until IS 'Machine time: until then nobody else acts on the row. No test clock moves it.';
  COMMENT ON COLUMN instruction.in_doubt IS 'A call may have reached the network without a certain answer.';
  COMMENT ON COLUMN instruction.undo IS 'The runtime itself takes this hold or collection back until the network is definite.';
  COMMENT ON COLUMN instruction.outcome IS 'The outcome as last told, without version and time; version and whole outcome rise together.';

  CREATE TABLE instruction_evidence (
    evidence_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instruction_id text NOT NULL,
    source text NOT NULL CHECK (source IN ('call', 'enquiry', 'undo', 'notification')),
    lease bigint,
    stale boolean NOT NULL DEFAULT false,
    answer jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE INDEX instruction_evidence_of ON instruction_evidence (instruction_id);
  COMMENT ON TABLE instruction_evidence IS
    'Every answer to a call or enquiry and every notification, masked: kinds, codes, references and amounts only.';
  SELECT make_append_only('instruction_evidence');

  CREATE TABLE notification (
    notification_key text PRIMARY KEY,
    body_hash text NOT NULL,
    instruction_id text,
    accepted boolean NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  COMMENT ON TABLE notification IS
    'Notifications once each, by their id or else the hash of their body. Refused ones leave their hash alone.';
`,
);

const instrumentRequests = sqlMigration(
  1_700_000_050_003,
  'WalletInstrumentRequests',
  `
  ALTER TABLE instrument ADD COLUMN request_key text UNIQUE;
  COMMENT ON COLUMN instrument.request_key IS
    'Names the request that made it: the repeat of a request whose answer was lost finds it again.';
`,
);

const resolutions = sqlMigration(
  1_700_000_050_004,
  'WalletResolutions',
  `
  CREATE TABLE resolution (
    resolution_id text PRIMARY KEY,
    instruction_id text NOT NULL REFERENCES instruction,
    finding text NOT NULL CHECK (finding IN ('done', 'not_done')),
    network_reference text,
    evidence_file text NOT NULL,
    reason text NOT NULL,
    state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'approved', 'rejected', 'overtaken')),
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT clock_now(),
    decided_by text,
    decided_at timestamptz,
    CHECK (requested_by <> decided_by),
    CHECK ((state IN ('requested', 'overtaken')) = (decided_by IS NULL)),
    CHECK (finding = 'not_done' OR network_reference IS NOT NULL)
  );
  CREATE UNIQUE INDEX resolution_open ON resolution (instruction_id) WHERE state = 'requested';
  CREATE INDEX instruction_needs_person ON instruction (instruction_id) WHERE needs_person;
  COMMENT ON TABLE resolution IS
    'What a person has found out about an unknown outcome, by evidence outside of the network''s answers. A second person decides; then it is the outcome.';
`,
);

const disputes = sqlMigration(
  1_700_000_050_005,
  'WalletDisputes',
  `
  ALTER TABLE instruction DROP CONSTRAINT instruction_operation_check,
    ADD CONSTRAINT instruction_operation_check CHECK (operation IN
      ('hold', 'collect', 'capture', 'credit', 'release', 'refund', 'represent', 'accept', 'refused')),
    ADD COLUMN dispute jsonb;
  COMMENT ON COLUMN instruction.dispute IS
    'Of represent and accept: the network''s id of the dispute and the evidence that it gets; texts without card data.';
`,
);

const contradictions = sqlMigration(
  1_700_000_050_006,
  'WalletContradictions',
  `
  ALTER TABLE instruction ADD COLUMN contradiction jsonb;
  COMMENT ON COLUMN instruction.contradiction IS
    'A notification against a certain yes and the one before it, until the network has been asked about them.';
`,
);

const words = sqlMigration(
  1_700_000_050_007,
  'WalletWords',
  `
  ALTER TABLE instruction ADD COLUMN heard jsonb;
  COMMENT ON COLUMN instruction.heard IS
    'What was said of it while nothing is certain, by notifications and by answers under old leases: the last word of each kind (done, not_done, taken_back), until it is certain.';
`,
);

/**
 * What every wallet network's database holds besides messaging's tables. A network's own migrations come after these:
 * stamps of this library are below 1_700_000_100_000.
 */
export const walletMigrations: readonly Migration[] = [
  instruments,
  instructions,
  instrumentRequests,
  resolutions,
  disputes,
  contradictions,
  words,
];
