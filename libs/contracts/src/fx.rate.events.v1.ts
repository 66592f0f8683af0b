import { defineContract, instantSchema } from './contract';

/** A rate as a source gave it: CNY per USD, eight places. */
export interface RatePublished {
  pair: 'USD/CNY';
  source: string;
  mid: string;
  as_of: string;
  /** Whether firm quotes may be made from it now. */
  firm: boolean;
  sequence: number;
}

/** Writer: fx-settlement. One partition: the newest record is the newest rate. */
export const rateEvents = defineContract<RatePublished>({
  topic: 'fx.rate.events.v1',
  kind: 'history',
  writer: 'fx-settlement',
  partitions: 1,
  schema: {
    type: 'object',
    required: ['pair', 'source', 'mid', 'as_of', 'firm', 'sequence'],
    properties: {
      pair: { const: 'USD/CNY' },
      source: { type: 'string' },
      mid: { type: 'string', pattern: '^[0-9]+\\.[0-9]{8}$' },
      as_of: instantSchema,
      firm: { type: 'boolean' },
      sequence: { type: 'integer', minimum: 1 },
    },
  },
  examples: [
    {
      pair: 'USD/CNY',
      source: 'treasury',
      mid: '7.13280000',
      as_of: '2026-11-25T10:00:00.000Z',
      firm: true,
      sequence: 1,
    },
  ],
  keyOf: (rate) => rate.pair,
});
