import type { Tx } from '@gateway/persistence';

/** An endpoint as its partner gave it. */
export interface WebhookEndpoint {
  endpointId: string;
  partnerId: string;
  url: string;
  /** Sealed. */
  secret: Buffer;
  state: 'enabled' | 'disabled' | 'deleted';
  createdAt: Date;
}

/** An event about a payment, before it is known which endpoints get it. */
export interface WebhookEvent {
  eventId: string;
  partnerId: string;
  paymentId: string;
  /** The refund of the payment that it is about; empty where it is about the payment itself. */
  refundId: string;
  sequence: number;
  type: string;
  /** The finished body: every attempt sends and signs these bytes. */
  body: string;
  at: Date;
}

/** A row of `webhook_delivery` as a lease gives it. */
export interface DeliveryRow {
  position: bigint;
  event_id: string;
  endpoint_id: string;
  body: string;
  /** Those before this one. */
  attempts: number;
}

/** A delivery under the lease that proves the right to write its outcome. */
export interface LeasedDelivery {
  row: DeliveryRow;
  token: string;
}

/**
 * What may be sent (design S7): per payment and endpoint only the first that waits, so that the next one is not sent
 * before the earlier one was delivered or given up.
 */
export const DELIVERIES = {
  table: 'webhook_delivery',
  id: 'position',
  where: `state = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM webhook_delivery earlier
     WHERE earlier.endpoint_id = webhook_delivery.endpoint_id AND earlier.payment_id = webhook_delivery.payment_id
       AND earlier.state = 'waiting' AND earlier.position < webhook_delivery.position)`,
} as const;

/** What one attempt came to. */
export interface Attempt {
  status: number | null;
  error: string | null;
  ms: number;
}

interface EndpointRow {
  endpoint_id: string;
  partner_id: string;
  url: string;
  secret: Buffer;
  state: WebhookEndpoint['state'];
  created_at: Date;
}

/** Reads and writes `webhook_endpoint` and `webhook_delivery`. */
export class WebhookRepository {
  async saveEndpoint(tx: Tx, endpoint: Omit<WebhookEndpoint, 'state' | 'createdAt'>): Promise<WebhookEndpoint> {
    const [row] = await tx.query<EndpointRow>(
      `INSERT INTO webhook_endpoint (endpoint_id, partner_id, url, secret) VALUES ($1, $2, $3, $4)
       RETURNING endpoint_id, partner_id, url, secret, state, created_at`,
      [endpoint.endpointId, endpoint.partnerId, endpoint.url, endpoint.secret],
    );
    return endpointOf(row!);
  }

  /** Until the transaction ends nobody else makes an endpoint of this partner: their number is counted before one is made. */
  async lockEndpointsOf(tx: Tx, partnerId: string): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`webhook endpoints of ${partnerId}`]);
  }

  /** The endpoints of a partner, newest first, deleted ones left out. */
  async endpointsOf(tx: Tx, partnerId: string): Promise<WebhookEndpoint[]> {
    const rows = await tx.query<EndpointRow>(
      `SELECT endpoint_id, partner_id, url, secret, state, created_at FROM webhook_endpoint
        WHERE partner_id = $1 AND state <> 'deleted' ORDER BY endpoint_id DESC`,
      [partnerId],
    );
    return rows.map(endpointOf);
  }

  /** An endpoint that may still be told something. */
  async findEnabled(tx: Tx, endpointId: string): Promise<WebhookEndpoint | null> {
    const [row] = await tx.query<EndpointRow>(
      `SELECT endpoint_id, partner_id, url, secret, state, created_at FROM webhook_endpoint
        WHERE endpoint_id = $1 AND state = 'enabled'`,
      [endpointId],
      'webhook-endpoint-find',
    );
    return row === undefined ? null : endpointOf(row);
  }

  /** The partners that have an endpoint to be told at. */
  async listeningPartners(tx: Tx): Promise<Set<string>> {
    const rows = await tx.query<{ partner_id: string }>(
      `SELECT DISTINCT partner_id FROM webhook_endpoint WHERE state = 'enabled'`,
      [],
      'webhook-listening',
    );
    return new Set(rows.map((row) => row.partner_id));
  }

  /** Takes an endpoint out of service, and with it all that still waits for it. False where the partner has none such. */
  async closeEndpoint(
    tx: Tx,
    endpoint: { endpointId: string; partnerId?: string },
    state: 'disabled' | 'deleted',
  ): Promise<boolean> {
    const rows = await tx.query(
      `WITH closed AS (
         UPDATE webhook_endpoint SET state = $3
          WHERE endpoint_id = $1 AND ($2::text IS NULL OR partner_id = $2) AND state <> 'deleted'
         RETURNING endpoint_id), given_up AS (
         UPDATE webhook_delivery d SET state = 'given_up', finished_at = clock_timestamp()
           FROM closed WHERE d.endpoint_id = closed.endpoint_id AND d.state = 'waiting')
       SELECT endpoint_id FROM closed`,
      [endpoint.endpointId, endpoint.partnerId ?? null, state],
    );
    return rows.length > 0;
  }

  /** One row per event and enabled endpoint of its partner, in the order given. An event that is known changes nothing. */
  async saveEvents(tx: Tx, events: readonly WebhookEvent[]): Promise<void> {
    await tx.query(
      `INSERT INTO webhook_delivery (event_id, endpoint_id, payment_id, refund_id, sequence, type, body, due)
       SELECT v.event_id, e.endpoint_id, v.payment_id, v.refund_id, v.sequence, v.type, v.body, v.at
         FROM unnest($1::text[], $2::text[], $3::text[], $8::text[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[])
              WITH ORDINALITY AS v (event_id, partner_id, payment_id, refund_id, sequence, type, body, at, place)
         JOIN webhook_endpoint e ON e.partner_id = v.partner_id AND e.state = 'enabled'
        ORDER BY v.place
       ON CONFLICT DO NOTHING`,
      [
        events.map((event) => event.eventId),
        events.map((event) => event.partnerId),
        events.map((event) => event.paymentId),
        events.map((event) => event.sequence),
        events.map((event) => event.type),
        events.map((event) => event.body),
        events.map((event) => event.at),
        events.map((event) => event.refundId),
      ],
      'webhook-save-events',
    );
  }

  /** Delivered: only under the lease that sent it. The endpoint is well again. */
  async markDelivered(tx: Tx, { row, token }: LeasedDelivery, attempt: Attempt): Promise<void> {
    await tx.query(
      `WITH done AS (
         UPDATE webhook_delivery SET state = 'delivered', attempts = attempts + 1, finished_at = clock_timestamp(), lease_until = '-infinity',
                last_status = $3, last_error = NULL, last_ms = $4
          WHERE position = $1 AND lease_token = $2::uuid AND state = 'waiting')
       UPDATE webhook_endpoint SET failing_since = NULL WHERE endpoint_id = $5 AND failing_since IS NOT NULL`,
      [row.position, token, attempt.status, attempt.ms, row.endpoint_id],
    );
  }

  /** Not delivered: tried again after `waitMs` (business time), or given up where that is null. */
  async markFailed(tx: Tx, { row, token }: LeasedDelivery, attempt: Attempt, waitMs: number | null): Promise<void> {
    await tx.query(
      `WITH failed AS (
         UPDATE webhook_delivery
            SET attempts = attempts + 1, state = CASE WHEN $6::float8 IS NULL THEN 'given_up' ELSE 'waiting' END,
                finished_at = CASE WHEN $6::float8 IS NULL THEN clock_timestamp() END,
                due = clock_now() + coalesce($6::float8, 0) * interval '1 ms',
                lease_until = '-infinity', last_status = $3, last_error = $4, last_ms = $5
          WHERE position = $1 AND lease_token = $2::uuid AND state = 'waiting')
       UPDATE webhook_endpoint SET failing_since = clock_now() WHERE endpoint_id = $7 AND failing_since IS NULL`,
      [row.position, token, attempt.status, attempt.error, attempt.ms, waitMs, row.endpoint_id],
    );
  }

  /** Whether an endpoint has failed for longer than that, without one success in between. */
  async isFailingLongerThan(tx: Tx, endpointId: string, days: number): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 AS failing FROM webhook_endpoint
        WHERE endpoint_id = $1 AND failing_since < clock_now() - $2 * interval '1 day'`,
      [endpointId, days],
    );
    return rows.length > 0;
  }
}

function endpointOf(row: EndpointRow): WebhookEndpoint {
  return {
    endpointId: row.endpoint_id,
    partnerId: row.partner_id,
    url: row.url,
    secret: row.secret,
    state: row.state,
    createdAt: row.created_at,
  };
}
