import { amountSchema, defineContract, idSchema, instantSchema, type AmountOnWire } from './contract';
import { PURPOSES, type Purpose } from './wallet.network.commands.v1';

/**
 * What a change of a payment means for the books. fx-settlement books exactly one booking per money effect and leg.
 *
 * | effect | books (design section 6) |
 * | --- | --- |
 * | `hold_funded` | B01 |
 * | `collection_funded` | Dr receivable / Cr 2000, 2200 |
 * | `credited` | the credit bookings of the source's kind |
 * | `captured` | Dr 1100 / Cr 1110; B02 |
 * | `hold_released` | B02 |
 * | `return_started` | Dr 2000, 2200 / Cr 2150 |
 * | `return_confirmed` | Dr 2150 / Cr receivable: all of it, or what the network had not given back by itself |
 * | `capture_lost` | Dr 1350 / Cr 1110, B02 |
 * | `late_credit` | B32 (hold source) or Dr 1350 / Cr float |
 * | `blocked` | Dr 2000, 2200 / Cr 2400 |
 * | `refund_funded` | B18, B19, B19L (payer in USD), or Dr 3000, 4050 / Cr 2150 and Dr funding / Cr 3000, 4100 |
 * | `refund_sent` | B18P: Dr 2150 / Cr receivable |
 * | `refund_sent_elsewhere` | Dr 2150 / Cr float of the payer's network: a credit to another instrument of the payer |
 * | `refund_paid_by_hand` | Dr 2150 / Cr 1000: people have paid the payer from our bank account |
 * | `refund_withdrawn` | the mirror of what `refund_funded` of the same leg booked: the payer has the money otherwise |
 * | `credit_returned` | Dr float / Cr 2050: the payee's network gave a credit back |
 * | `return_corrected` | Dr 2050 / Cr float: the second credit, to another instrument of the payee |
 * | `dispute_opened` | B22: Dr 1300 / Cr receivable, and the acquirer's fee for it |
 * | `dispute_won` | B23W: Dr receivable / Cr 1300 |
 * | `dispute_lost` | B23R (the partner bears it) or B23L (the gateway does) |
 * | `return_kept` | Dr 2050 / Cr 2120: what came back is the partner's, whose balance had paid the refund |
 * | `source_taken_back` | Dr 1350 / Cr receivable: the payer's network has given the payer back what was taken, or a part of it, by itself; each part has a leg of its own |
 * | `take_back_settled` | Dr 2150 / Cr 1350: the same, counted against what the payer is owed where the payee was not credited |
 */
export const MONEY_EFFECTS = [
  'hold_funded',
  'collection_funded',
  'credited',
  'captured',
  'hold_released',
  'return_started',
  'return_confirmed',
  'capture_lost',
  'late_credit',
  'blocked',
  'refund_funded',
  'refund_sent',
  'refund_sent_elsewhere',
  'refund_paid_by_hand',
  'refund_withdrawn',
  'credit_returned',
  'return_corrected',
  'dispute_opened',
  'dispute_won',
  'dispute_lost',
  'return_kept',
  'source_taken_back',
  'take_back_settled',
] as const;
export type MoneyEffect = (typeof MONEY_EFFECTS)[number];

/** Who bears a move of the rate between payment and refund, as the quote says (domain: refund rules). */
export const REFUND_RULES = ['R1', 'R2', 'R3', 'R4'] as const;
export type RefundRule = (typeof REFUND_RULES)[number];

/** Under rule R4 each refund names its bearer. */
export const REFUND_BEARERS = ['gateway', 'payer', 'payee'] as const;
export type RefundBearer = (typeof REFUND_BEARERS)[number];

/**
 * The refund that a change is about: the payment itself stays as it is. The amounts are what moves: shares of the
 * payment's under rule R1, and what these are worth by the refund's rule under the others, once it is funded (before
 * that the shares, which are the most that can move). `mid` (CNY per USD, eight places) is the rate at which the books
 * value them.
 */
export interface RefundOfChange {
  refund_id: string;
  from: string;
  to: string;
  rule: RefundRule;
  /** Of rule R4 alone. */
  bearer?: RefundBearer;
  /** What the payer gets back. */
  source_amount: AmountOnWire;
  /** What the payee's side gives for it. */
  target_amount: AmountOnWire;
  mid?: string;
  /** The returned credit that funds it; absent where the partner's balance does. */
  return_id?: string;
}

/** The returned credit that a change is about: the payment itself stays as it is. */
export interface ReturnOfChange {
  return_id: string;
  from: string;
  to: string;
}

/** Who bears a lost dispute, by the contract with the partner. */
export const LIABLE = ['partner', 'gateway'] as const;
export type Liable = (typeof LIABLE)[number];

/** The dispute that a change is about: the payment itself stays as it is. The change's `amount` is the gross amount. */
export interface DisputeOfChange {
  dispute_id: string;
  from: string;
  to: string;
  /** What the acquirer charges for it. */
  fee?: AmountOnWire;
  /** Who bears it, should it be lost. */
  liability: Liable;
}

/** One change of a payment: `from` equals `to` where a fact is noted without a move. */
export interface PaymentChange {
  fact: string;
  from: string;
  to: string;
  at: string;
  /** The leg that the fact is about. */
  instruction_id?: string;
  network?: string;
  counterparty?: string;
  amount?: AmountOnWire;
  reason?: string;
  money?: MoneyEffect;
  refund?: RefundOfChange;
  returned?: ReturnOfChange;
  dispute?: DisputeOfChange;
}

const refundSchema = {
  type: 'object',
  required: ['refund_id', 'from', 'to', 'rule', 'source_amount', 'target_amount'],
  properties: {
    refund_id: idSchema,
    from: { type: 'string', maxLength: 32 },
    to: { type: 'string', maxLength: 32 },
    rule: { enum: REFUND_RULES },
    bearer: { enum: REFUND_BEARERS },
    source_amount: amountSchema,
    target_amount: amountSchema,
    mid: { type: 'string', pattern: '^[0-9]+\\.[0-9]{8}$' },
    return_id: idSchema,
  },
} as const;

const returnSchema = {
  type: 'object',
  required: ['return_id', 'from', 'to'],
  properties: {
    return_id: idSchema,
    from: { type: 'string', maxLength: 32 },
    to: { type: 'string', maxLength: 32 },
  },
} as const;

const disputeSchema = {
  type: 'object',
  required: ['dispute_id', 'from', 'to', 'liability'],
  properties: {
    dispute_id: idSchema,
    from: { type: 'string', maxLength: 32 },
    to: { type: 'string', maxLength: 32 },
    fee: amountSchema,
    liability: { enum: LIABLE },
  },
} as const;

/** All changes that one transaction made to one payment, with the payment as it stands after them. */
export interface PaymentEvent {
  payment_id: string;
  partner_id: string;
  /** Without gaps per payment, from 1. */
  sequence: number;
  incarnation: number;
  state: string;
  public_status: string;
  quote_id: string;
  purpose: Purpose;
  /** Whether the source holds then captures, or collects at once. */
  funding: 'hold' | 'collect';
  source_network: string;
  target_network: string;
  /** What the payer pays, fee included. */
  source_amount: AmountOnWire;
  /** What the payee gets. */
  target_amount: AmountOnWire;
  changes: PaymentChange[];
}

/** Writer: routing. Key: payment id. The only source of the books. */
export const paymentEvents = defineContract<PaymentEvent>({
  topic: 'payments.payment.events.v1',
  kind: 'history',
  writer: 'routing',
  schema: {
    type: 'object',
    required: [
      'payment_id',
      'partner_id',
      'sequence',
      'incarnation',
      'state',
      'public_status',
      'quote_id',
      'purpose',
      'funding',
      'source_network',
      'target_network',
      'source_amount',
      'target_amount',
      'changes',
    ],
    properties: {
      payment_id: idSchema,
      partner_id: idSchema,
      sequence: { type: 'integer', minimum: 1 },
      incarnation: { type: 'integer', minimum: 0 },
      state: { type: 'string', maxLength: 32 },
      public_status: { type: 'string', maxLength: 32 },
      quote_id: idSchema,
      purpose: { enum: PURPOSES },
      funding: { enum: ['hold', 'collect'] },
      source_network: idSchema,
      target_network: idSchema,
      source_amount: amountSchema,
      target_amount: amountSchema,
      changes: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['fact', 'from', 'to', 'at'],
          properties: {
            fact: { type: 'string', maxLength: 48 },
            from: { type: 'string', maxLength: 32 },
            to: { type: 'string', maxLength: 32 },
            at: instantSchema,
            instruction_id: idSchema,
            network: idSchema,
            counterparty: { type: 'string', maxLength: 32 },
            amount: amountSchema,
            reason: { type: 'string', maxLength: 64 },
            money: { enum: MONEY_EFFECTS },
            refund: refundSchema,
            returned: returnSchema,
            dispute: disputeSchema,
          },
        },
      },
    },
  },
  examples: [
    {
      payment_id: 'pay_01K0EXAMPLE0000000000000000',
      partner_id: 'prt_demo',
      sequence: 1,
      incarnation: 0,
      state: 'SCREENING',
      public_status: 'processing',
      quote_id: 'qte_01K0EXAMPLE0000000000000000',
      purpose: 'goods',
      funding: 'hold',
      source_network: 'applepay',
      target_network: 'alipay',
      source_amount: { amount: '10200', currency: 'USD' },
      target_amount: { amount: '70615', currency: 'CNY' },
      changes: [{ fact: 'payment_created', from: 'CREATED', to: 'SCREENING', at: '2026-11-25T10:00:00.000Z' }],
    },
  ],
  keyOf: (event) => event.payment_id,
});
