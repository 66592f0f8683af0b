import { amountSchema, defineContract, idSchema, instantSchema, type AmountOnWire } from './contract';

export const RESERVATION_REFUSALS = [
  'FLOAT_TOO_LOW',
  'EXPOSURE_LIMIT',
  'NET_DEBIT_CAP',
  'QUOTE_ALREADY_USED',
  'QUOTE_UNKNOWN',
  'QUOTE_WITHDRAWN',
  'RELEASED_BEFORE_RESERVE',
  'REFUND_NOT_FUNDED',
  'AMOUNT_TOO_SMALL',
] as const;
export type ReservationRefusal = (typeof RESERVATION_REFUSALS)[number];

/** How a reservation stands. A repeat of a command is answered with this again; higher `version` wins. */
export interface ReservationOutcome {
  /** The instruction answered: the reserve's id for GRANTED and REFUSED, the release's id for RELEASED. */
  instruction_id: string;
  payment_id: string;
  partner_id: string;
  version: number;
  outcome: 'GRANTED' | 'REFUSED' | 'RELEASED';
  reason?: ReservationRefusal;
  /** On a funded refund: the rate at which the books value it, CNY per USD, eight places. */
  mid?: string;
  /** On a funded refund whose rule is not R1: what moves on either side at that rate. */
  refund?: { source_amount: AmountOnWire; target_amount: AmountOnWire };
  at: string;
}

/** Writer: fx-settlement. */
export const reservationEvents = defineContract<ReservationOutcome>({
  topic: 'fx.reservation.events.v1',
  kind: 'instruction',
  writer: 'fx-settlement',
  schema: {
    type: 'object',
    required: ['instruction_id', 'payment_id', 'partner_id', 'version', 'outcome', 'at'],
    properties: {
      instruction_id: idSchema,
      payment_id: idSchema,
      partner_id: idSchema,
      version: { type: 'integer', minimum: 1 },
      outcome: { enum: ['GRANTED', 'REFUSED', 'RELEASED'] },
      reason: { enum: RESERVATION_REFUSALS },
      mid: { type: 'string', pattern: '^[0-9]+\\.[0-9]{8}$' },
      refund: {
        type: 'object',
        required: ['source_amount', 'target_amount'],
        properties: { source_amount: amountSchema, target_amount: amountSchema },
      },
      at: instantSchema,
    },
  },
  examples: [
    {
      instruction_id: 'pay_01K0EXAMPLE0000000000000000-reserve',
      payment_id: 'pay_01K0EXAMPLE0000000000000000',
      partner_id: 'prt_demo',
      version: 1,
      outcome: 'GRANTED',
      at: '2026-11-25T10:00:00.000Z',
    },
  ],
  keyOf: (outcome) => outcome.payment_id,
});
