import { amountSchema, defineContract, idSchema, instantSchema, type AmountOnWire, type Contract } from './contract';
import { disputeOfCommandSchema, type DisputeOfCommand } from './wallet.network.disputes';

/**
 * What a wallet network can be told to do. `release` undoes a hold or a collection; the adapter picks how. `represent`
 * answers a dispute with evidence, `accept` lets it stand: neither moves money by itself.
 */
export const WALLET_OPERATIONS = [
  'hold',
  'collect',
  'capture',
  'credit',
  'release',
  'refund',
  'represent',
  'accept',
] as const;
export type WalletOperation = (typeof WALLET_OPERATIONS)[number];

/** Why money moves; decides the rail. */
export const PURPOSES = ['goods', 'services', 'person_to_person'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A command from routing to one wallet network. Identity: `instruction_id`; the first one wins. */
export interface WalletCommand {
  instruction_id: string;
  payment_id: string;
  partner_id: string;
  operation: WalletOperation;
  amount: AmountOnWire;
  /** The instrument to hold on, collect from or credit; absent on whatever acts on a target. */
  instrument_id?: string;
  /** The hold or collection that a capture, release or refund acts on, or that is disputed. */
  target_instruction_id?: string;
  /** Money-moving commands not started by then are answered NOT_SUBMITTED and never started. */
  not_after?: string;
  purpose: Purpose;
  bop_code: string;
  /** Present on represent and accept. */
  dispute?: DisputeOfCommand;
}

const schema = {
  type: 'object',
  required: ['instruction_id', 'payment_id', 'partner_id', 'operation', 'amount', 'purpose', 'bop_code'],
  properties: {
    instruction_id: idSchema,
    payment_id: idSchema,
    partner_id: idSchema,
    operation: { enum: WALLET_OPERATIONS },
    amount: amountSchema,
    instrument_id: idSchema,
    target_instruction_id: idSchema,
    not_after: instantSchema,
    purpose: { enum: PURPOSES },
    bop_code: { type: 'string', maxLength: 12 },
    dispute: disputeOfCommandSchema,
  },
};

const example: WalletCommand = {
  instruction_id: 'pay_01K0EXAMPLE0000000000000000-hold',
  payment_id: 'pay_01K0EXAMPLE0000000000000000',
  partner_id: 'prt_demo',
  operation: 'hold',
  amount: { amount: '10200', currency: 'USD' },
  instrument_id: 'ins_01K0EXAMPLE0000000000000000',
  not_after: '2026-11-25T10:05:00.000Z',
  purpose: 'goods',
  bop_code: '121010',
};

/** `wallet.<network>.commands.v1`, one topic per network, so that a slow network never delays another. Writer: routing. */
export function walletCommands(networkId: string): Contract<WalletCommand> {
  return defineContract<WalletCommand>({
    topic: `wallet.${networkId}.commands.v1`,
    kind: 'instruction',
    writer: 'routing',
    schema,
    examples: [example],
    keyOf: (command) => command.payment_id,
  });
}
