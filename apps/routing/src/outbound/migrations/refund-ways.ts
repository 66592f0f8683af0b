import { sqlMigration } from '@gateway/persistence';

/** Refunds under every rule, and those that people send to another instrument or pay themselves. */
export const refundWaysMigration = sqlMigration(
  1_700_000_122_500,
  'RefundWays',
  `
  ALTER TABLE refund DROP CONSTRAINT refund_rule_check,
    ADD CONSTRAINT refund_rule_check CHECK (rule IN ('R1', 'R2', 'R3', 'R4')),
    ADD COLUMN bearer text CHECK (bearer IN ('gateway', 'payer', 'payee')),
    ADD COLUMN by_hand boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT refund_bearer_of_r4 CHECK ((rule = 'R4') = (bearer IS NOT NULL));
  CREATE INDEX refund_owed ON refund (refund_id) WHERE state = 'OWED';
  COMMENT ON TABLE refund IS 'A refund of a completed payment: its shares of the payment on both sides (minor units; source: back to the payer, target: what the payee''s side gives), which are the most that moves, and how far it has come; what moved under a rule other than R1 is in standing. Written under the payment''s row lock. state: only the refund''s table assigns it. requested_by: key and fingerprint of the request, so that one request makes one refund. due: when routing asks again, or has it funded (business time). bearer: of rule R4. by_hand: asked for by people after the window of the payer''s network.';

  CREATE TABLE refund_decision (
    decision_id text PRIMARY KEY,
    payment_id text NOT NULL REFERENCES payment,
    refund_id text REFERENCES refund,
    way text NOT NULL CHECK (way IN ('other_instrument', 'bank_transfer', 'late_refund')),
    instrument_id text,
    bank_reference text UNIQUE,
    currency text,
    amount_minor bigint CHECK (amount_minor > 0),
    reason text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    verdict text CHECK (verdict IN ('approved', 'rejected')),
    decided_by text,
    decided_at timestamptz,
    CHECK (decided_by <> requested_by),
    CHECK ((verdict IS NULL) = (decided_by IS NULL) AND (verdict IS NULL) = (decided_at IS NULL)),
    CHECK ((way = 'other_instrument') = (instrument_id IS NOT NULL)),
    CHECK ((way = 'bank_transfer') = (bank_reference IS NOT NULL)),
    CHECK ((way = 'late_refund') = (refund_id IS NULL)),
    CHECK ((currency IS NULL) = (amount_minor IS NULL))
  );
  CREATE UNIQUE INDEX refund_decision_open ON refund_decision (payment_id, coalesce(refund_id, '')) WHERE verdict IS NULL;
  COMMENT ON TABLE refund_decision IS 'What one person asks for and another one decides: to send a refund that the payer''s network refused for good to another instrument, to record that people have paid it (bank_reference as our bank''s statement has it, which counts once), or to refund a payment whose window is closed (late_refund; its approval makes the refund, amount null: all that is left).';
`,
);
