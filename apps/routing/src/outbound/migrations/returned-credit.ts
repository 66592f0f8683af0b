import { sqlMigration } from '@gateway/persistence';

/** Credits that came back, and the refunds that they fund. */
export const returnedCreditMigration = sqlMigration(
  1_700_000_121_500,
  'ReturnedCredit',
  `
  CREATE TABLE returned_credit (
    return_id text PRIMARY KEY,
    payment_id text NOT NULL REFERENCES payment,
    partner_id text NOT NULL,
    partition smallint NOT NULL,
    credit_id text NOT NULL UNIQUE,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    created_at timestamptz NOT NULL,
    state text NOT NULL,
    standing jsonb NOT NULL,
    due timestamptz,
    updated_at timestamptz NOT NULL
  ) WITH (fillfactor = 80);
  CREATE INDEX returned_credit_payment ON returned_credit (payment_id);
  CREATE INDEX returned_credit_due ON returned_credit (due) WHERE due IS NOT NULL;
  COMMENT ON TABLE returned_credit IS 'A credit of a payment that the payee''s network gave back, whole, and what the partner makes of it: another instrument of the payee, or a refund. Written under the payment''s row lock. credit_id: the instruction that came back; one of them makes one return. state: only the table of returned credits assigns it. due: when routing asks again (business time).';

  ALTER TABLE refund ADD COLUMN return_id text REFERENCES returned_credit;
  COMMENT ON COLUMN refund.return_id IS 'The returned credit that funds it; null where the partner''s balance does.';
  COMMENT ON COLUMN webhook_delivery.refund_id IS 'The refund or returned credit that the event is about; empty where it is about the payment itself.';
`,
);
