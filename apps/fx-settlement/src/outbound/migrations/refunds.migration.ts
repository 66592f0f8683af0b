import { sqlMigration } from '@gateway/persistence';

/** Refunds: what partners have placed with us, what a refund took of it, and how it was valued. */
export const refundsMigration = sqlMigration(
  1_700_000_130_020,
  'Refunds',
  `
  INSERT INTO chart_of_accounts VALUES ('2120', 'Partner balance', 'liability', true) ON CONFLICT DO NOTHING;

  ALTER TABLE spending_limit DROP CONSTRAINT spending_limit_kind_check,
    ADD CONSTRAINT spending_limit_kind_check CHECK (kind IN ('float', 'exposure', 'net_debit', 'partner_balance'));
  COMMENT ON TABLE spending_limit IS 'Float per network, exposure per currency, net debit cap and balance per partner; minor units. reserved: open reservations. used: paid out of the float or the balance, or open in the position (negative is long). A balance''s ceiling is all that was ever topped up.';

  ALTER TABLE reservation ADD COLUMN mid numeric(20,8) CHECK (mid > 0);
  COMMENT ON COLUMN reservation.mid IS 'Of a refund that was funded from the partner''s balance: the rate at which it is valued. Null for payouts.';

  ALTER TABLE settlement_item DROP CONSTRAINT settlement_item_operation_check,
    ADD CONSTRAINT settlement_item_operation_check CHECK (operation IN ('capture', 'collect', 'credit', 'release', 'refund'));

  CREATE TABLE refund_booked (
    refund_id text PRIMARY KEY,
    payment_id text NOT NULL,
    source_currency char(3) NOT NULL,
    source_minor bigint NOT NULL CHECK (source_minor > 0),
    target_currency char(3) NOT NULL,
    target_minor bigint NOT NULL CHECK (target_minor > 0),
    mid numeric(20,8) NOT NULL CHECK (mid > 0),
    spread_minor bigint NOT NULL CHECK (spread_minor >= 0),
    result_currency char(3) NOT NULL,
    result_minor bigint NOT NULL,
    position_out_minor bigint NOT NULL,
    position_in_minor bigint NOT NULL
  );
  CREATE INDEX refund_booked_payment ON refund_booked (payment_id);
  COMMENT ON TABLE refund_booked IS 'A refund as its booking refund_funded took it: both shares under rule R1, the rate at which it was valued, the mark-up given back (payer''s currency) and the gateway''s result. Minor units. position_out: in the payer''s currency, position_in: in the other one.';
  SELECT make_append_only('refund_booked');

  CREATE TABLE top_up (
    top_up_id text PRIMARY KEY,
    partner_id text NOT NULL,
    currency char(3) NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    bank_reference text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    approved_by text,
    approved_at timestamptz,
    UNIQUE (partner_id, currency, bank_reference),
    CHECK (approved_by <> requested_by),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL))
  );
  COMMENT ON TABLE top_up IS 'Money of a partner that our bank has received for its balance. Two people: the one who enters it and another one who approves it, which books it. A bank reference counts once.';
`,
);
