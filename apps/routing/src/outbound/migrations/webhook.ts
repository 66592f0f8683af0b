import { sqlMigration } from '@gateway/persistence';

/** Where partners want to be told, and what is still to be told there. */
export const webhookMigration = sqlMigration(
  1_700_000_112_000,
  'Webhook',
  `
  CREATE TABLE webhook_endpoint (
    endpoint_id text PRIMARY KEY,
    partner_id text NOT NULL REFERENCES partner,
    url text NOT NULL,
    secret bytea NOT NULL,
    state text NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'disabled', 'deleted')),
    failing_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE INDEX webhook_endpoint_partner ON webhook_endpoint (partner_id);
  COMMENT ON TABLE webhook_endpoint IS 'Addresses that partners gave for events; the signing secret is sealed.';

  CREATE TABLE webhook_delivery (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL,
    endpoint_id text NOT NULL REFERENCES webhook_endpoint,
    payment_id text NOT NULL,
    sequence bigint NOT NULL,
    type text NOT NULL,
    body text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up')),
    attempts integer NOT NULL DEFAULT 0,
    due timestamptz NOT NULL,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    lease_token uuid,
    last_status integer,
    last_error text,
    last_ms integer,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    UNIQUE (payment_id, sequence, type, endpoint_id)
  );
  CREATE INDEX webhook_delivery_due ON webhook_delivery (due) WHERE state = 'waiting';
  CREATE INDEX webhook_delivery_order ON webhook_delivery (endpoint_id, payment_id, position) WHERE state = 'waiting';
  COMMENT ON TABLE webhook_delivery IS 'One event for one endpoint. Per payment the next is sent only after the earlier one was delivered or given up.';
`,
);
