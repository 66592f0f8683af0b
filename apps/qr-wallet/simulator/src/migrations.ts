import { sqlMigration, type Migration } from '@gateway/persistence';

/** What QRPay remembers of its own. Amounts are minor units. */
const qrpay = sqlMigration(
  1_700_000_185_000,
  'Qrpay',
  `
  CREATE TABLE movement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operation text NOT NULL CHECK (operation IN ('pay', 'cancel', 'refund')),
    reference text NOT NULL,
    network_reference text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    currency char(3) NOT NULL,
    sign smallint NOT NULL CHECK (sign IN (-1, 1)),
    executed_at timestamptz NOT NULL
  );
  CREATE INDEX movement_reference ON movement (reference);
  COMMENT ON TABLE movement IS
    'Every movement that QRPay executed, whatever it answered. reference: the id that was sent. sign: the payer''s money, -1 taken, +1 given back.';
  SELECT make_append_only('movement');

  CREATE TABLE qr_order (
    order_id text PRIMARY KEY,
    qrpay_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('WAITING', 'PAID', 'REFUSED', 'CANCELLED', 'EXPIRED')),
    reason text,
    amount bigint NOT NULL CHECK (amount > 0),
    currency char(3) NOT NULL,
    presented text NOT NULL CHECK (presented IN ('payer', 'merchant')),
    notify_url text NOT NULL,
    fingerprint text NOT NULL,
    made_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    paid_at timestamptz
  );
  COMMENT ON TABLE qr_order IS 'Orders by the merchant''s id, which is free again a day after the order was made.';

  CREATE TABLE qr_refund (
    refund_id text PRIMARY KEY,
    order_id text NOT NULL REFERENCES qr_order,
    qrpay_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('DONE', 'REFUSED')),
    reason text,
    amount bigint NOT NULL CHECK (amount > 0),
    currency char(3) NOT NULL
  );
  CREATE INDEX qr_refund_order ON qr_refund (order_id);
  COMMENT ON TABLE qr_refund IS 'Refunds by the merchant''s id, together at most what was paid.';

  CREATE TABLE notification (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL,
    order_id text NOT NULL,
    url text NOT NULL,
    body text NOT NULL,
    due timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    done boolean NOT NULL DEFAULT false
  );
  CREATE INDEX notification_due ON notification (due) WHERE NOT done;
  COMMENT ON TABLE notification IS 'What the merchant is told about its orders, until it is acknowledged or given up (business time).';

  CREATE TABLE fault (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operation text NOT NULL,
    reference text NOT NULL,
    behaviour text NOT NULL,
    params jsonb NOT NULL,
    remaining integer NOT NULL CHECK (remaining >= 0)
  );
  COMMENT ON TABLE fault IS 'Misbehaviour that a test asked for, by operation and the start of the id.';

  CREATE TABLE setting (name text PRIMARY KEY, value jsonb NOT NULL);
  COMMENT ON TABLE setting IS 'Keys that are made once.';
`,
);

export const migrations: readonly Migration[] = [qrpay];
