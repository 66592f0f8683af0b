import { amountSchema, defineContract, idSchema, type AmountOnWire } from './contract';
import { PURPOSES, type Purpose } from './wallet.network.commands.v1';

/** routing asks compliance to screen a payment. Parties travel as ids only; compliance holds their identity. */
export interface ScreeningCommand {
  instruction_id: string;
  payment_id: string;
  partner_id: string;
  operation: 'screen';
  payer_party_id: string;
  payee_party_id: string;
  source_network: string;
  target_network: string;
  source_amount: AmountOnWire;
  target_amount: AmountOnWire;
  purpose: Purpose;
}

/** Writer: routing. */
export const screeningCommands = defineContract<ScreeningCommand>({
  topic: 'compliance.screening.commands.v1',
  kind: 'instruction',
  writer: 'routing',
  schema: {
    type: 'object',
    required: [
      'instruction_id',
      'payment_id',
      'partner_id',
      'operation',
      'payer_party_id',
      'payee_party_id',
      'source_network',
      'target_network',
      'source_amount',
      'target_amount',
      'purpose',
    ],
    properties: {
      instruction_id: idSchema,
      payment_id: idSchema,
      partner_id: idSchema,
      operation: { const: 'screen' },
      payer_party_id: idSchema,
      payee_party_id: idSchema,
      source_network: idSchema,
      target_network: idSchema,
      source_amount: amountSchema,
      target_amount: amountSchema,
      purpose: { enum: PURPOSES },
    },
  },
  examples: [
    {
      instruction_id: 'pay_01K0EXAMPLE0000000000000000-screen',
      payment_id: 'pay_01K0EXAMPLE0000000000000000',
      partner_id: 'prt_demo',
      operation: 'screen',
      payer_party_id: 'pty_01K0EXAMPLE0000000000000001',
      payee_party_id: 'pty_01K0EXAMPLE0000000000000002',
      source_network: 'applepay',
      target_network: 'alipay',
      source_amount: { amount: '10200', currency: 'USD' },
      target_amount: { amount: '70615', currency: 'CNY' },
      purpose: 'goods',
    },
  ],
  keyOf: (command) => command.payment_id,
});
