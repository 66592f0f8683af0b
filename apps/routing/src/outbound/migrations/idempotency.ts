import { sqlMigration } from '@gateway/persistence';

/**
 * Keys are bound to partner, route and the fingerprint of the body. A row says one of three things: the payment that it
 * made (its answer is rendered again from the payment), an answer that is kept as it was sent, or (neither) that the
 * first request is under way until `lease_until`.
 */
export const idempotencyMigration = sqlMigration(
  1_700_000_111_000,
  'Idempotency',
  `
  CREATE TABLE idempotency_key (
    partner_id text NOT NULL,
    key text NOT NULL,
    route text NOT NULL,
    fingerprint text NOT NULL,
    payment_id text,
    status smallint,
    answer bytea,
    lease_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (partner_id, key)
  );
  CREATE INDEX idempotency_key_age ON idempotency_key USING brin (created_at);
  COMMENT ON TABLE idempotency_key IS 'Idempotency keys of the partner API, kept for at least 7 days (machine time).';
`,
);
