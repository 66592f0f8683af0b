import { sqlMigration } from '@gateway/persistence';
import { CHART } from '../../domain/chart-of-accounts';

const chartRows = CHART.map(
  ({ code, name, type, perCounterparty }) => `('${code}', '${name}', '${type}', ${perCounterparty})`,
).join(', ');

/**
 * The ledger. A booking is one row: its lines are two arrays of equal length, the accounts and the signed amounts, so
 * that a booking cannot be half written and a batch of hundreds is one statement. `ledger_entry` shows them line by line.
 */
export const ledgerMigration = sqlMigration(
  1_700_000_130_003,
  'Ledger',
  `
  CREATE TABLE chart_of_accounts (
    code text PRIMARY KEY,
    name text NOT NULL,
    type text NOT NULL CHECK (type IN ('asset', 'liability', 'clearing', 'trading', 'income', 'expense', 'memorandum')),
    per_counterparty boolean NOT NULL
  );
  COMMENT ON TABLE chart_of_accounts IS 'The chart. Assets, clearing accounts, expenses and 9000 grow by debits, the others by credits.';
  INSERT INTO chart_of_accounts VALUES ${chartRows};
  SELECT make_append_only('chart_of_accounts');

  CREATE TABLE account (
    account_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL REFERENCES chart_of_accounts,
    counterparty text NOT NULL DEFAULT '',
    currency char(3) NOT NULL,
    UNIQUE (code, counterparty, currency)
  );
  COMMENT ON TABLE account IS 'An account: a row of the chart, whose it is (empty where the chart keeps one for all), one currency.';
  SELECT make_append_only('account');

  CREATE TABLE booking (
    booking_id bigint GENERATED ALWAYS AS IDENTITY,
    subject_id text NOT NULL,
    code text NOT NULL,
    leg_id text NOT NULL,
    partner_id text NOT NULL,
    network text NOT NULL,
    party text NOT NULL,
    stripe smallint NOT NULL,
    accounts integer[] NOT NULL,
    amounts bigint[] NOT NULL,
    occurred_at timestamptz NOT NULL,
    booked_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, code, leg_id),
    CHECK (cardinality(accounts) >= 2 AND cardinality(accounts) = cardinality(amounts))
  );
  CREATE INDEX booking_in_order ON booking USING brin (booking_id);
  COMMENT ON TABLE booking IS 'Append-only. Natural key: subject (a payment), booking code (the fact), leg. amounts: minor units, debit positive. network, party: where the leg is and its counterparty. occurred_at: when the fact happened.';
  SELECT make_append_only('booking');

  CREATE VIEW ledger_entry AS
    SELECT b.booking_id, line.number AS line, b.subject_id, b.code AS booking, b.leg_id, b.stripe, a.account_id,
           a.code AS account, a.counterparty, a.currency, line.amount, b.occurred_at, b.booked_at
    FROM booking b
    CROSS JOIN LATERAL unnest(b.accounts, b.amounts) WITH ORDINALITY AS line (account_id, amount, number)
    JOIN account a ON a.account_id = line.account_id;
  COMMENT ON VIEW ledger_entry IS 'Every line of every booking; a debit is positive.';

  CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE lines bigint; known bigint; broken bigint;
    BEGIN
      SELECT coalesce(sum(cardinality(f.accounts)), 0) INTO lines FROM fresh f;
      SELECT coalesce(sum(per_currency.lines), 0), min(per_currency.booking_id) FILTER (WHERE per_currency.total <> 0)
        INTO known, broken
        FROM (
          SELECT f.booking_id, count(*) AS lines, sum(l.amount) AS total
          FROM fresh f
          CROSS JOIN LATERAL unnest(f.accounts, f.amounts) AS l (account_id, amount)
          JOIN account a ON a.account_id = l.account_id
          WHERE l.amount <> 0
          GROUP BY f.booking_id, a.currency
        ) per_currency;
      IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'booking % does not balance', broken USING ERRCODE = 'check_violation';
      END IF;
      IF known <> lines THEN
        RAISE EXCEPTION 'a booking has a line of zero or an account that does not exist' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$;
  CREATE TRIGGER refuse_unbalanced AFTER INSERT ON booking
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced();

  CREATE TABLE balance (
    account_id integer NOT NULL REFERENCES account,
    stripe smallint NOT NULL,
    debits bigint NOT NULL DEFAULT 0 CHECK (debits >= 0),
    credits bigint NOT NULL DEFAULT 0 CHECK (credits >= 0),
    PRIMARY KEY (account_id, stripe)
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE balance IS 'Turnover per account and stripe (the payment''s partition), so that instances do not meet on a hot account. The balance is debits less credits, summed over the stripes.';

  CREATE TABLE settlement_item (
    item_id bigint GENERATED ALWAYS AS IDENTITY,
    payment_id text NOT NULL,
    code text NOT NULL,
    leg_id text NOT NULL,
    partner_id text NOT NULL,
    network text NOT NULL,
    counterparty text NOT NULL,
    account_code text NOT NULL,
    operation text NOT NULL CHECK (operation IN ('capture', 'collect', 'credit', 'release')),
    currency char(3) NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0),
    value_date date NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (payment_id, code, leg_id)
  );
  CREATE INDEX settlement_item_in_order ON settlement_item USING brin (item_id);
  COMMENT ON TABLE settlement_item IS 'One confirmed leg for settlement; minor units, positive where the counterparty owes us. value_date: its own settlement day, computed once.';
  SELECT make_append_only('settlement_item');
`,
);
