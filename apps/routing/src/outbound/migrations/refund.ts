import { sqlMigration } from '@gateway/persistence';

/** Refunds, and what is told of them beside what is told of payments. */
export const refundMigration = sqlMigration(
  1_700_000_121_000,
  'Refund',
  `
  CREATE TABLE refund (
    refund_id text PRIMARY KEY,
    payment_id text NOT NULL REFERENCES payment,
    partner_id text NOT NULL,
    partition smallint NOT NULL,
    actor text NOT NULL,
    rule text NOT NULL CHECK (rule IN ('R1')),
    source_currency text NOT NULL,
    source_minor bigint NOT NULL CHECK (source_minor > 0),
    target_currency text NOT NULL,
    target_minor bigint NOT NULL CHECK (target_minor > 0),
    reason text,
    reference text,
    requested_by text NOT NULL,
    created_at timestamptz NOT NULL,
    state text NOT NULL,
    standing jsonb NOT NULL,
    due timestamptz,
    updated_at timestamptz NOT NULL,
    UNIQUE (payment_id, requested_by)
  ) WITH (fillfactor = 80);
  CREATE INDEX refund_due ON refund (due) WHERE due IS NOT NULL;
  COMMENT ON TABLE refund IS 'A refund of a completed payment: both amounts as rule R1 computed them (minor units; source: back to the payer, target: what the payee''s side gives), and how far it has come. Written under the payment''s row lock. state: only the refund''s table assigns it. requested_by: key and fingerprint of the request, so that one request makes one refund. due: when routing asks again (business time).';

  ALTER TABLE webhook_delivery ADD COLUMN refund_id text NOT NULL DEFAULT '';
  ALTER TABLE webhook_delivery DROP CONSTRAINT webhook_delivery_payment_id_sequence_type_endpoint_id_key,
    ADD CONSTRAINT webhook_delivery_natural_key UNIQUE (payment_id, sequence, type, refund_id, endpoint_id);
  COMMENT ON COLUMN webhook_delivery.refund_id IS 'The refund that the event is about; empty where it is about the payment itself.';
`,
);
