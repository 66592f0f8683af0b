import { amountSchema, defineContract, idSchema, type AmountOnWire } from './contract';
import { REFUND_BEARERS, type RefundBearer, type RefundRule } from './payments.payment.events.v1';

/** A refund whose amounts the rate of its day decides: its share of the payment in the payer's currency, and the rule. */
export interface RefundAtDayRate {
  rule: Exclude<RefundRule, 'R1'>;
  /** Of rule R4 alone. */
  bearer?: RefundBearer;
  source_amount: AmountOnWire;
}

/**
 * routing asks fx-settlement to reserve the payout of a payment under limits, or to release it, or to fund a refund.
 * `reserve` carries the signed offer (compact JWS); `release` names the reserve by `target_instruction_id` and may
 * arrive first: then it leaves a tombstone that refuses the reserve. It gives back a refund's funding in the same way (with
 * the `return_id` that the funding had). `fund_refund` carries what the payee's side gives for the refund: it is reserved
 * from the partner's balance in that currency, or, with `return_id`, comes out of the credit that the payee's network has
 * given back, which needs no balance. With `refund`, `amount` is the most that the payee's side gives: the rule decides at
 * the newest rate what moves on either side, and the answer says it.
 */
export interface ReservationCommand {
  instruction_id: string;
  payment_id: string;
  partner_id: string;
  operation: 'reserve' | 'release' | 'fund_refund';
  offer?: string;
  target_instruction_id?: string;
  amount?: AmountOnWire;
  return_id?: string;
  refund?: RefundAtDayRate;
}

/** Writer: routing. Key: payment id, so that a release cannot overtake its reserve. */
export const reservationCommands = defineContract<ReservationCommand>({
  topic: 'fx.reservation.commands.v1',
  kind: 'instruction',
  writer: 'routing',
  schema: {
    type: 'object',
    required: ['instruction_id', 'payment_id', 'partner_id', 'operation'],
    properties: {
      instruction_id: idSchema,
      payment_id: idSchema,
      partner_id: idSchema,
      operation: { enum: ['reserve', 'release', 'fund_refund'] },
      offer: { type: 'string', maxLength: 8192 },
      target_instruction_id: idSchema,
      amount: amountSchema,
      return_id: idSchema,
      refund: {
        type: 'object',
        required: ['rule', 'source_amount'],
        properties: {
          rule: { enum: ['R2', 'R3', 'R4'] },
          bearer: { enum: REFUND_BEARERS },
          source_amount: amountSchema,
        },
      },
    },
    oneOf: [
      { properties: { operation: { const: 'reserve' } }, required: ['offer'] },
      { properties: { operation: { const: 'release' } }, required: ['target_instruction_id'] },
      { properties: { operation: { const: 'fund_refund' } }, required: ['amount'] },
    ],
  },
  examples: [
    {
      instruction_id: 'pay_01K0EXAMPLE0000000000000000-reserve',
      payment_id: 'pay_01K0EXAMPLE0000000000000000',
      partner_id: 'prt_demo',
      operation: 'reserve',
      offer: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln',
    },
    {
      instruction_id: 'pay_01K0EXAMPLE0000000000000000-unreserve',
      payment_id: 'pay_01K0EXAMPLE0000000000000000',
      partner_id: 'prt_demo',
      operation: 'release',
      target_instruction_id: 'pay_01K0EXAMPLE0000000000000000-reserve',
    },
    {
      instruction_id: 'rfd_01K0EXAMPLE0000000000000000-fund',
      payment_id: 'pay_01K0EXAMPLE0000000000000000',
      partner_id: 'prt_demo',
      operation: 'fund_refund',
      amount: { amount: '28246', currency: 'CNY' },
    },
    {
      instruction_id: 'rfd_01K0EXAMPLE0000000000000001-fund',
      payment_id: 'pay_01K0EXAMPLE0000000000000000',
      partner_id: 'prt_demo',
      operation: 'fund_refund',
      amount: { amount: '28246', currency: 'CNY' },
      refund: { rule: 'R4', bearer: 'payer', source_amount: { amount: '4000', currency: 'USD' } },
    },
  ],
  keyOf: (command) => command.payment_id,
});
