import { sqlMigration } from '@gateway/persistence';

/** Disputes of payments, and who bears them by the contract with each partner. */
export const disputeMigration = sqlMigration(
  1_700_000_121_700,
  'Dispute',
  `
  CREATE TABLE dispute_liability (
    partner_id text NOT NULL REFERENCES partner,
    category text NOT NULL,
    valid_from timestamptz NOT NULL,
    bearer text NOT NULL CHECK (bearer IN ('partner', 'gateway')),
    clause text NOT NULL,
    PRIMARY KEY (partner_id, category, valid_from)
  );
  COMMENT ON TABLE dispute_liability IS
    'Who bears a lost dispute, by the contract with the partner: by category, or * for all that no row names. What was in force when the payment was made decides; where nothing was, the gateway bears it.';

  CREATE TABLE dispute (
    dispute_id text PRIMARY KEY,
    payment_id text NOT NULL REFERENCES payment,
    partner_id text NOT NULL,
    partition smallint NOT NULL,
    network_reference text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    fee_currency text,
    fee_minor bigint,
    category text NOT NULL,
    reason_code text NOT NULL,
    received_at timestamptz NOT NULL,
    liability jsonb NOT NULL,
    authentication jsonb,
    created_at timestamptz NOT NULL,
    state text NOT NULL,
    standing jsonb NOT NULL,
    due timestamptz,
    updated_at timestamptz NOT NULL,
    UNIQUE (payment_id, network_reference),
    CHECK ((fee_currency IS NULL) = (fee_minor IS NULL))
  ) WITH (fillfactor = 80);
  CREATE INDEX dispute_partner ON dispute (partner_id, dispute_id);
  CREATE INDEX dispute_due ON dispute (due) WHERE due IS NOT NULL;
  COMMENT ON TABLE dispute IS 'A dispute (chargeback) of what a payment took from a card, as its network tells it. Written under the payment''s row lock. state: only the table of disputes assigns it. due: when routing asks again what became of our answer (business time). standing.evidence: what the partner wrote for the network; texts and references without card data.';
  COMMENT ON COLUMN webhook_delivery.refund_id IS 'The refund, returned credit or dispute that the event is about; empty where it is about the payment itself.';
`,
);
