import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';

/** How QRPay misbehaves. */
export const BEHAVIOURS = [
  'decline',
  'other_amount',
  'timeout_after_executing',
  'timeout_without_executing',
  'http_500_after_executing',
  'http_500_without_executing',
  'unsigned_answer',
  'busy',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** Misbehaviour at the next requests of one operation whose id starts so. */
export interface Fault {
  readonly operation: string;
  readonly reference: string;
  readonly behaviour: Behaviour;
  readonly params: { readonly code?: string };
  readonly times: number;
}

const TAKE = `
  UPDATE fault SET remaining = remaining - 1
  WHERE id = (SELECT id FROM fault WHERE remaining > 0 AND operation IN ($1, '*') AND starts_with($2, reference)
              ORDER BY id LIMIT 1 FOR UPDATE)
  RETURNING behaviour, params`;

/** What tests asked for; a fault is used up by acting. */
@Injectable()
export class FaultsStore {
  constructor(private readonly database: Database) {}

  async add({ operation, reference, behaviour, params, times }: Fault): Promise<void> {
    await this.database.query(
      'INSERT INTO fault (operation, reference, behaviour, params, remaining) VALUES ($1, $2, $3, $4, $5)',
      [operation, reference, behaviour, JSON.stringify(params), times],
    );
  }

  async take(operation: string, reference: string): Promise<Pick<Fault, 'behaviour' | 'params'> | undefined> {
    const [fault] = await this.database.query<Pick<Fault, 'behaviour' | 'params'>>(TAKE, [operation, reference]);
    return fault;
  }
}
