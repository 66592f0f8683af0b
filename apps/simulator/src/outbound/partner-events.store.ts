import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import type { JsonObject } from '../wire/fields';

export interface PartnerEventView {
  position: string;
  endpoint: string;
  webhook_id: string;
  payment: string | null;
  event: unknown;
  deliveries: number;
  received_at: Date;
}

/** How an endpoint of the partner misbehaves for its next deliveries. */
export interface EndpointFault {
  readonly remaining: number;
  readonly status: number;
  readonly delay_ms: number;
}

const PAGE = 1000;

/** What the partner's webhook receivers got, each event once, in the order of its first arrival. */
@Injectable()
export class PartnerEventsStore {
  constructor(private readonly database: Database) {}

  async keep(endpoint: string, webhookId: string, payment: string | null, event: JsonObject): Promise<void> {
    await this.database.query(
      `INSERT INTO partner_event (endpoint, webhook_id, payment, event, received_at)
       VALUES ($1, $2, $3, $4, clock_timestamp())
       ON CONFLICT (endpoint, webhook_id) DO UPDATE SET deliveries = partner_event.deliveries + 1`,
      [endpoint, webhookId, payment, event],
      'partner_event_keep',
    );
  }

  async refuse(endpoint: string, webhookId: string, reason: string): Promise<void> {
    await this.database.query(
      `INSERT INTO partner_refusal (endpoint, webhook_id, reason, received_at) VALUES ($1, $2, $3, clock_timestamp())`,
      [endpoint, webhookId, reason],
    );
  }

  async list(payment: string | undefined, after: string): Promise<PartnerEventView[]> {
    return this.database.query(
      `SELECT position::text, endpoint, webhook_id, payment, event, deliveries, received_at FROM partner_event
       WHERE ($1::text IS NULL OR payment = $1) AND position > $2 ORDER BY partner_event.position LIMIT ${PAGE}`,
      [payment ?? null, after],
    );
  }

  async refusals(): Promise<Record<string, unknown>[]> {
    return this.database.query(
      `SELECT endpoint, webhook_id, reason, received_at FROM partner_refusal ORDER BY position DESC LIMIT ${PAGE}`,
    );
  }

  /** Takes one use of the endpoint's fault, if it has one left. */
  async takeFault(endpoint: string): Promise<EndpointFault | undefined> {
    const [row] = await this.database.query<{ value: EndpointFault }>(
      `UPDATE setting SET value = jsonb_set(value, '{remaining}', to_jsonb((value->>'remaining')::int - 1))
       WHERE name = $1 AND (value->>'remaining')::int > 0 RETURNING value`,
      [faultSetting(endpoint)],
      'partner_fault_take',
    );
    return row?.value;
  }
}

export function faultSetting(endpoint: string): string {
  return `partner-fault:${endpoint}`;
}

export function secretSetting(endpoint: string): string {
  return `partner-secret:${endpoint}`;
}
