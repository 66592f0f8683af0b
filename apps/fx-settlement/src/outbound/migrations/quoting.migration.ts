import { sqlMigration } from '@gateway/persistence';

/** Prices, rates, keys, quotes and stops. */
export const quotingMigration = sqlMigration(
  1_700_000_130_001,
  'Quoting',
  `
  CREATE TABLE price (
    source_currency char(3) NOT NULL,
    target_currency char(3) NOT NULL,
    partner_id text NOT NULL DEFAULT '*',
    valid_from timestamptz NOT NULL,
    mark_up_bps integer NOT NULL CHECK (mark_up_bps BETWEEN 0 AND 1000),
    fee_fixed bigint NOT NULL CHECK (fee_fixed >= 0),
    fee_bps integer NOT NULL CHECK (fee_bps BETWEEN 0 AND 1000),
    commission_bps integer NOT NULL CHECK (commission_bps BETWEEN 0 AND 1000),
    minimum bigint NOT NULL CHECK (minimum > 0),
    maximum bigint NOT NULL CHECK (maximum >= minimum),
    basis text NOT NULL,
    PRIMARY KEY (source_currency, target_currency, partner_id, valid_from)
  );
  COMMENT ON TABLE price IS 'What a corridor costs. Amounts in minor units of the payer''s currency; a partner''s own row wins over *; the newest valid row counts.';
  INSERT INTO price VALUES
    ('USD', 'CNY', '*', '2026-01-01', 100, 0, 200, 60, 100, 5000000, 'list price: mark-up 1 %, fee 2 %, wallet commission 0.6 %'),
    ('CNY', 'USD', '*', '2026-01-01', 100, 0, 0, 0, 100, 35000000, 'list price: mark-up 1 %');
  SELECT make_append_only('price');

  CREATE TABLE rate_stream (
    pair text PRIMARY KEY,
    incarnation integer NOT NULL DEFAULT 0,
    sequence bigint NOT NULL DEFAULT 0
  );
  COMMENT ON TABLE rate_stream IS 'The last sequence of published rates per pair; its row lock orders the writers.';
  INSERT INTO rate_stream (pair) VALUES ('USD/CNY');

  CREATE TABLE published_rate (
    pair text NOT NULL REFERENCES rate_stream,
    incarnation integer NOT NULL,
    sequence bigint NOT NULL,
    source text NOT NULL,
    mid numeric(20,8) NOT NULL CHECK (mid > 0),
    firm boolean NOT NULL,
    as_of timestamptz NOT NULL,
    comparison_bps integer,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (pair, incarnation, sequence)
  );
  COMMENT ON TABLE published_rate IS 'Rates as published on fx.rate.events.v1, with their distance from the comparison at that time.';
  SELECT make_append_only('published_rate');

  CREATE TABLE offer_key (
    kid text PRIMARY KEY,
    public_x text NOT NULL,
    sealed_private bytea NOT NULL,
    signs_from timestamptz NOT NULL,
    valid_until timestamptz NOT NULL CHECK (valid_until > signs_from)
  );
  COMMENT ON TABLE offer_key IS 'Ed25519 keys that sign offers; the private half is sealed with SEAL_KEY. A key signs until the next one starts.';
  SELECT make_append_only('offer_key');

  CREATE TABLE quote (
    quote_id text PRIMARY KEY,
    partner_id text NOT NULL,
    source_network text NOT NULL,
    target_network text NOT NULL,
    purpose text NOT NULL,
    fixed_side text NOT NULL CHECK (fixed_side IN ('source', 'target')),
    source_currency char(3) NOT NULL,
    principal bigint NOT NULL CHECK (principal > 0),
    fee bigint NOT NULL CHECK (fee >= 0),
    at_mid bigint NOT NULL,
    target_currency char(3) NOT NULL,
    target bigint NOT NULL CHECK (target > 0),
    commission bigint NOT NULL CHECK (commission >= 0),
    mid numeric(20,8) NOT NULL,
    customer_rate numeric(20,8) NOT NULL,
    markup_bps integer NOT NULL,
    rate_source text NOT NULL,
    rate_as_of timestamptz NOT NULL,
    refund_rule text NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > issued_at),
    kid text NOT NULL,
    offer_digest text NOT NULL,
    offer text NOT NULL
  );
  COMMENT ON TABLE quote IS 'Firm quotes as signed. Amounts in minor units; principal, fee and at_mid in the source currency, target and commission in the target currency. offer_digest is the SHA-256 of the compact JWS.';
  SELECT make_append_only('quote');

  CREATE TABLE quote_use (
    quote_id text PRIMARY KEY,
    payment_id text NOT NULL UNIQUE,
    used_at timestamptz NOT NULL
  );
  COMMENT ON TABLE quote_use IS 'Which payment used a quote: once, for ever.';
  SELECT make_append_only('quote_use');

  CREATE TABLE quoting_stop (
    stop_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope text NOT NULL CHECK (scope IN ('source', 'corridor', 'partner')),
    subject text NOT NULL,
    reason text NOT NULL,
    started_by text NOT NULL,
    started_at timestamptz NOT NULL,
    lifted_by text,
    lifted_at timestamptz,
    CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
  );
  CREATE UNIQUE INDEX quoting_stop_in_force ON quoting_stop (scope, subject) WHERE lifted_at IS NULL;
  COMMENT ON TABLE quoting_stop IS 'Stops of a rate source, a corridor (source>target network) or a partner: no new quotes, and unused offers are withdrawn.';
`,
);
