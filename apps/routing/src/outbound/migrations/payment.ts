import { sqlMigration } from '@gateway/persistence';

/**
 * A payment is two rows. What was ordered never changes and is read by index; how far it has come changes at every
 * fact, so that row is narrow and its index columns stay as they are while the payment moves (heap-only updates).
 */
export const paymentMigration = sqlMigration(
  1_700_000_120_000,
  'Payment',
  `
  CREATE TABLE payment (
    payment_id text PRIMARY KEY,
    partner_id text NOT NULL,
    partition smallint NOT NULL,
    legal_entity text NOT NULL,
    actor text NOT NULL,
    quote_id text NOT NULL,
    offer text NOT NULL,
    offer_expires_at timestamptz NOT NULL,
    source_network text NOT NULL,
    target_network text NOT NULL,
    purpose text NOT NULL,
    bop_code text NOT NULL,
    funding text NOT NULL CHECK (funding IN ('hold', 'collect')),
    hold_margin_ms bigint NOT NULL,
    source_instrument text NOT NULL,
    target_instrument text NOT NULL,
    single_use_instrument text,
    payer_party text NOT NULL,
    payee_party text NOT NULL,
    source_currency text NOT NULL,
    principal_minor bigint NOT NULL CHECK (principal_minor > 0),
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    total_source_minor bigint NOT NULL CHECK (total_source_minor = principal_minor + fee_minor),
    target_currency text NOT NULL,
    target_minor bigint NOT NULL CHECK (target_minor > 0),
    mid text NOT NULL,
    customer_rate text NOT NULL,
    reference text,
    metadata jsonb,
    created_at timestamptz NOT NULL
  );
  CREATE UNIQUE INDEX payment_quote ON payment (quote_id);
  CREATE UNIQUE INDEX payment_single_use_instrument ON payment (single_use_instrument)
    WHERE single_use_instrument IS NOT NULL;
  CREATE INDEX payment_partner ON payment (partner_id, payment_id);
  COMMENT ON TABLE payment IS 'What was ordered, taken from the verified offer. Amounts are minor units. A quote is used once, an instrument made from a one-time token is used once.';
  SELECT make_append_only('payment');

  CREATE TABLE payment_progress (
    payment_id text PRIMARY KEY,
    state text NOT NULL,
    public_status text NOT NULL,
    sequence integer NOT NULL CHECK (sequence > 0),
    due timestamptz,
    standing jsonb NOT NULL,
    updated_at timestamptz NOT NULL
  ) WITH (fillfactor = 70);
  CREATE INDEX payment_progress_due ON payment_progress (due) WHERE due IS NOT NULL;
  COMMENT ON TABLE payment_progress IS 'How far a payment has come. state: only the state table assigns it. sequence: of its last event. due: when routing asks again (business time), null once final. standing: what is known of its parts.';

  CREATE TABLE payment_state_change (
    payment_id text NOT NULL,
    sequence integer NOT NULL,
    state text NOT NULL,
    public_status text NOT NULL,
    changes jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (payment_id, sequence)
  );
  COMMENT ON TABLE payment_state_change IS 'One row per payment and transaction: the changes as its event on payments.payment.events.v1 tells them.';
  SELECT make_append_only('payment_state_change');

  CREATE TABLE payment_case (
    case_id text PRIMARY KEY,
    payment_id text NOT NULL,
    partner_id text,
    kind text NOT NULL,
    state text NOT NULL,
    fact text NOT NULL,
    instruction_id text,
    detail jsonb NOT NULL,
    opened_at timestamptz NOT NULL
  );
  CREATE INDEX payment_case_payment ON payment_case (payment_id);
  COMMENT ON TABLE payment_case IS 'Facts that the state table calls a conflict, and waits that a person must end. Opened, never dropped.';
  SELECT make_append_only('payment_case');
`,
);
