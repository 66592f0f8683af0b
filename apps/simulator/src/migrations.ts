import { sqlMigration, type Migration } from '@gateway/persistence';

/** The simulator's tables: what the outside world remembers of its own. Amounts are minor units. */
const books = sqlMigration(
  1_764_000_000_000,
  'SimulatorBooks',
  `
  CREATE TABLE movement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network text NOT NULL,
    operation text NOT NULL,
    reference text NOT NULL,
    network_reference text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    currency char(3) NOT NULL,
    sign smallint NOT NULL CHECK (sign IN (-1, 0, 1)),
    account text NOT NULL,
    executed_at timestamptz NOT NULL
  );
  CREATE INDEX movement_reference ON movement (reference);
  CREATE INDEX movement_network_reference ON movement (network_reference);
  COMMENT ON TABLE movement IS
    'Every movement that a network executed, whatever it answered. sign: the end user''s money, -1 taken, +1 given, 0 held or released.';

  CREATE TABLE fault (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network text NOT NULL,
    operation text NOT NULL,
    match jsonb NOT NULL,
    behaviour text NOT NULL,
    params jsonb NOT NULL,
    remaining integer NOT NULL CHECK (remaining >= 0),
    used integer NOT NULL DEFAULT 0
  );
  COMMENT ON TABLE fault IS 'Misbehaviour that a test asked for; the first rule that matches and has uses left acts.';

  CREATE TABLE marker_use (
    network text NOT NULL,
    operation text NOT NULL,
    reference text NOT NULL,
    PRIMARY KEY (network, operation, reference)
  );
  COMMENT ON TABLE marker_use IS 'A magic account misbehaves once per request id: the repeat is answered well.';

  CREATE TABLE deferred_request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network text NOT NULL,
    operation text NOT NULL,
    request jsonb NOT NULL,
    due timestamptz NOT NULL,
    done boolean NOT NULL DEFAULT false
  );
  CREATE INDEX deferred_request_due ON deferred_request (due) WHERE NOT done;
  COMMENT ON TABLE deferred_request IS 'Requests that the network executes later than it was asked (business time).';

  CREATE TABLE notification (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network text NOT NULL,
    reference text NOT NULL,
    content jsonb NOT NULL,
    due timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    copies_left integer NOT NULL DEFAULT 1,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'given_up')),
    last_answer text
  );
  CREATE INDEX notification_due ON notification (due) WHERE state = 'open';
  CREATE INDEX notification_reference ON notification (reference);
  COMMENT ON TABLE notification IS 'Notifications that the networks owe us, each on its own schedule (business time).';

  CREATE TABLE setting (name text PRIMARY KEY, value jsonb NOT NULL);
  COMMENT ON TABLE setting IS 'Key material made once, and switches that tests set.';
`,
);

const acquirer = sqlMigration(
  1_764_000_000_001,
  'SimulatorAcquirer',
  `
  CREATE TABLE card_token (
    token text PRIMARY KEY,
    card jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    used_by text
  );
  COMMENT ON TABLE card_token IS 'Tokens of the acquirer: 15 minutes, one payment. The card''s number is simulated.';

  CREATE TABLE card_payment (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('purchase', 'account_funding', 'payout')),
    reference text NOT NULL,
    request jsonb NOT NULL,
    requested bigint NOT NULL CHECK (requested > 0),
    authorised bigint NOT NULL DEFAULT 0 CHECK (authorised >= 0),
    captured bigint NOT NULL DEFAULT 0 CHECK (captured >= 0),
    voided bigint NOT NULL DEFAULT 0 CHECK (voided >= 0),
    refunded bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    returned bigint NOT NULL DEFAULT 0 CHECK (returned >= 0),
    currency char(3) NOT NULL,
    status text NOT NULL,
    response_code text NOT NULL,
    auth_code text NOT NULL,
    card jsonb NOT NULL,
    plan jsonb NOT NULL,
    requested_at timestamptz NOT NULL,
    hold_expires_at timestamptz,
    completes_at timestamptz,
    CHECK (captured + voided <= authorised),
    CHECK (refunded <= captured)
  );
  CREATE INDEX card_payment_reference ON card_payment (reference);
  CREATE INDEX card_payment_completes ON card_payment (completes_at) WHERE completes_at IS NOT NULL;
  CREATE INDEX card_payment_hold ON card_payment (hold_expires_at) WHERE status = 'Authorized';
  COMMENT ON TABLE card_payment IS 'Payments and payouts of the card acquirer with their running sums.';

  CREATE TABLE card_action (
    id text PRIMARY KEY,
    position bigint GENERATED ALWAYS AS IDENTITY,
    payment_id text NOT NULL REFERENCES card_payment (id),
    type text NOT NULL,
    amount bigint NOT NULL,
    approved boolean NOT NULL,
    response_code text NOT NULL,
    reference text,
    processed_at timestamptz NOT NULL
  );
  CREATE INDEX card_action_payment ON card_action (payment_id, position);
  COMMENT ON TABLE card_action IS 'What happened to a payment, in order.';

  CREATE TABLE idempotency_key (
    key text PRIMARY KEY,
    fingerprint text NOT NULL,
    status integer NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL
  );
  COMMENT ON TABLE idempotency_key IS 'Cko-Idempotency-Key: successful answers only, repeated for 24 hours.';
`,
);

const alipay = sqlMigration(
  1_764_000_000_002,
  'SimulatorAlipay',
  `
  CREATE TABLE ams_payment (
    payment_request_id text PRIMARY KEY,
    payment_id text NOT NULL UNIQUE,
    fingerprint text NOT NULL,
    request jsonb NOT NULL,
    scenario text NOT NULL CHECK (scenario IN ('payment_code', 'order_code', 'cashier')),
    account text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    currency char(3) NOT NULL,
    refunded bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0 AND refunded <= amount),
    status text NOT NULL CHECK (status IN ('PROCESSING', 'SUCCESS', 'FAIL', 'CANCELLED')),
    result_code text NOT NULL,
    plan jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    paid_at timestamptz,
    cancelled_at timestamptz,
    expires_at timestamptz NOT NULL,
    completes_at timestamptz
  );
  CREATE INDEX ams_payment_open ON ams_payment (expires_at) WHERE status = 'PROCESSING';
  COMMENT ON TABLE ams_payment IS 'Collections of the cross-border API, by our paymentRequestId.';

  CREATE TABLE ams_refund (
    refund_request_id text PRIMARY KEY,
    refund_id text NOT NULL UNIQUE,
    payment_request_id text NOT NULL REFERENCES ams_payment (payment_request_id),
    amount bigint NOT NULL CHECK (amount > 0),
    currency char(3) NOT NULL,
    refunded_at timestamptz NOT NULL
  );
  COMMENT ON TABLE ams_refund IS 'Refunds of collections, by our refundRequestId.';

  CREATE TABLE transfer (
    out_biz_no text PRIMARY KEY,
    order_id text NOT NULL UNIQUE,
    fingerprint text NOT NULL,
    request jsonb NOT NULL,
    account text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    status text NOT NULL CHECK (status IN ('SUCCESS', 'DEALING', 'FAIL', 'REFUND')),
    sub_code text,
    plan jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    completes_at timestamptz
  );
  CREATE INDEX transfer_completes ON transfer (completes_at) WHERE completes_at IS NOT NULL;
  COMMENT ON TABLE transfer IS 'Single transfers of the open platform, by our out_biz_no; amounts in fen.';
`,
);

const partner = sqlMigration(
  1_764_000_000_003,
  'SimulatorPartner',
  `
  CREATE TABLE partner_event (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text NOT NULL,
    webhook_id text NOT NULL,
    payment text,
    event jsonb NOT NULL,
    deliveries integer NOT NULL DEFAULT 1,
    received_at timestamptz NOT NULL,
    UNIQUE (endpoint, webhook_id)
  );
  CREATE INDEX partner_event_payment ON partner_event (payment, position);
  COMMENT ON TABLE partner_event IS 'Webhooks that the partner''s receiver accepted, in the order of arrival.';

  CREATE TABLE partner_refusal (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text NOT NULL,
    webhook_id text,
    reason text NOT NULL,
    received_at timestamptz NOT NULL
  );
  COMMENT ON TABLE partner_refusal IS 'Deliveries that the partner''s receiver refused, and why.';
`,
);

const disputes = sqlMigration(
  1_764_000_000_004,
  'SimulatorDisputes',
  `
  CREATE TABLE card_dispute (
    id text PRIMARY KEY,
    payment_id text NOT NULL REFERENCES card_payment (id),
    payment_reference text NOT NULL,
    category text NOT NULL,
    reason_code text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    currency char(3) NOT NULL,
    status text NOT NULL CHECK (status IN
      ('evidence_required', 'evidence_under_review', 'accepted', 'expired', 'won', 'lost', 'canceled')),
    evidence jsonb NOT NULL,
    evidence_required_by timestamptz NOT NULL,
    received_on timestamptz NOT NULL,
    last_update timestamptz NOT NULL
  );
  CREATE INDEX card_dispute_payment ON card_dispute (payment_id);
  CREATE INDEX card_dispute_reference ON card_dispute (payment_reference);
  CREATE INDEX card_dispute_open ON card_dispute (evidence_required_by) WHERE status = 'evidence_required';
  COMMENT ON TABLE card_dispute IS 'Disputes of card payments; the cardholder has the money from the first day on.';
`,
);

const partialReturns = sqlMigration(
  1_764_000_000_005,
  'SimulatorPartialReturns',
  `
  ALTER TABLE transfer ADD COLUMN returned bigint CHECK (returned > 0 AND returned <= amount);
  UPDATE transfer SET returned = amount WHERE status = 'REFUND';
  COMMENT ON COLUMN transfer.returned IS 'How much of a transfer came back, in fen; null while nothing did.';
`,
);

const takenBack = sqlMigration(
  1_764_000_000_006,
  'SimulatorTakenBack',
  `
  ALTER TABLE movement ADD COLUMN taken_back boolean NOT NULL DEFAULT false;
  COMMENT ON COLUMN movement.taken_back IS 'The network took back by itself what it had done; no request of ours asked for it.';
`,
);

/** All migrations of the simulator's own database, in order. */
export const migrations: readonly Migration[] = [books, acquirer, alipay, partner, disputes, partialReturns, takenBack];
