import { sqlMigration } from '@gateway/persistence';

/** Limits and the reservations under them. */
export const limitsMigration = sqlMigration(
  1_700_000_130_002,
  'Limits',
  `
  CREATE TABLE spending_limit (
    limit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('float', 'exposure', 'net_debit')),
    subject text NOT NULL,
    currency char(3) NOT NULL,
    ceiling bigint NOT NULL CHECK (ceiling >= 0),
    reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    used bigint NOT NULL DEFAULT 0,
    UNIQUE (kind, subject, currency)
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE spending_limit IS 'Float per network, exposure per currency, net debit cap per partner; minor units. reserved: open reservations. used: paid out of the float, or open in the position (negative is long).';

  CREATE TABLE reservation (
    payment_id text NOT NULL,
    instruction_id text NOT NULL,
    partner_id text NOT NULL,
    network text NOT NULL,
    payout bigint,
    currency char(3),
    state text NOT NULL CHECK (state IN ('GRANTED', 'REFUSED', 'RELEASED', 'CONSUMED')),
    reason text,
    version integer NOT NULL CHECK (version > 0),
    made_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (payment_id, instruction_id),
    CHECK ((payout IS NULL) = (currency IS NULL)),
    CHECK (state NOT IN ('GRANTED', 'CONSUMED') OR payout > 0)
  ) WITH (fillfactor = 80);
  CREATE INDEX reservation_open ON reservation (currency, payment_id) WHERE state = 'GRANTED';
  COMMENT ON TABLE reservation IS 'One reserve instruction and how it stands. GRANTED is open; its payout is payout and commission in minor units. RELEASED without payout is the tombstone of a release that came first.';
`,
);
