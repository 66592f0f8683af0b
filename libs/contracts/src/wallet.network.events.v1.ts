import { amountSchema, defineContract, idSchema, instantSchema, type AmountOnWire, type Contract } from './contract';
import { WALLET_OPERATIONS, type WalletOperation } from './wallet.network.commands.v1';
import {
  authenticationSchema,
  MOST_DISPUTES,
  networkDisputeSchema,
  type Authentication,
  type NetworkDispute,
} from './wallet.network.disputes';

/** The five answers of a wallet network (design: a wallet network). UNKNOWN is the default. */
export const OUTCOMES = ['PROCESSED', 'DECLINED', 'NOT_SUBMITTED', 'PENDING', 'UNKNOWN'] as const;
export type OutcomeKind = (typeof OUTCOMES)[number];

/** Our reasons for a certain no; each network's mapping table translates its own codes into these. */
export const REASONS = [
  'DECLINED_BY_ISSUER',
  'INSUFFICIENT_FUNDS',
  'INSTRUMENT_EXPIRED',
  'INSTRUMENT_INVALID',
  'LIMIT_EXCEEDED',
  'SUSPECTED_FRAUD',
  'PARTIAL_APPROVAL',
  'PAYEE_ACCOUNT_CLOSED',
  'PAYEE_ACCOUNT_INVALID',
  'PAYEE_LIMIT_EXCEEDED',
  'PAYEE_NOT_ELIGIBLE',
  'PAYER_DID_NOT_CONFIRM',
  'PAYER_CANCELLED',
  'NO_ANSWER_IN_TIME',
  'TAKEN_BACK',
  'NOT_AFTER_PASSED',
  'REFUSED_BEFORE_ACCEPTANCE',
  'RELEASED_BEFORE_START',
  'HOLD_EXPIRED',
  'ALREADY_FINAL',
  'OTHER',
] as const;
export type Reason = (typeof REASONS)[number];

/** Whether a refused payment may pass another day or with another amount (soft), or never with this instrument (hard). */
export const DECLINE_CLASSES = ['soft', 'hard'] as const;
export type DeclineClass = (typeof DECLINE_CLASSES)[number];

/** What one notification said of an instruction: the fields that matter, none of a person's. */
export type NotificationFields = Record<string, string>;

/** What proves the outcome. */
export const EVIDENCE = ['answer', 'enquiry', 'notification', 'clock', 'operator'] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** The outcome of one instruction as it stands; the whole outcome each time, a higher `version` replaces a lower one. */
export interface WalletOutcome {
  instruction_id: string;
  payment_id: string;
  partner_id: string;
  network: string;
  operation: WalletOperation;
  /** Raised by one under the instruction's row lock at every change. */
  version: number;
  outcome: OutcomeKind;
  /**
   * The amount that the network confirmed; present on PROCESSED, and on DECLINED where the network proved that it had held
   * or taken this much: we took it back because nobody could tell of it (NO_ANSWER_IN_TIME), or the network did so by itself
   * before we knew of it (TAKEN_BACK).
   */
  amount?: AmountOnWire;
  network_reference?: string;
  reason?: Reason;
  /** On DECLINED: what the network's code says of another try; absent where it says nothing. */
  decline_class?: DeclineClass;
  /** The network's own code, for support; never its text. */
  network_code?: string;
  /** Who owes or is owed: `visa`, `mastercard`, `amex`, `alipay`, `us_payout_bank`. Chooses the ledger account. */
  counterparty?: string;
  /** On a hold: until when it can be captured. */
  hold_expires_at?: string;
  /** On a collection: until when the network takes it back as if it had not been, instead of refunding it. */
  cancelable_until?: string;
  /** On PROCESSED: a certain no had been told before, and the network says now that it was done after all. */
  late?: boolean;
  /**
   * The network has said the opposite of this outcome, which stands, before it was certain or after: `earlier` is its own word
   * that agrees, null where the answer itself does, `later` the one that contradicts.
   */
  contradicted?: { earlier: NotificationFields | null; later: NotificationFields };
  /** On PENDING: what the payer must do, as the partner API shows it. */
  next_action?: { type: string; value: string; expires_at?: string };
  /** True where an UNKNOWN's enquiry plan has ended and a person must find out. */
  needs_person?: boolean;
  /** True where the network confirmed another amount than asked: the state stands, a break opens. */
  amount_conflict?: boolean;
  /**
   * On PROCESSED: what the network itself has taken back since, all of it so far. Of a credit it is ours again, for the payee could not keep
   * it; of a hold or collection the payer has it again.
   */
  returned?: AmountOnWire;
  /** On a PROCESSED hold or collection: how the payer proved to be the cardholder, where the network says so. */
  authentication?: Authentication;
  /** On a PROCESSED hold or collection: every dispute of it that the network knows, as each stands. */
  disputes?: readonly NetworkDispute[];
  evidence: Evidence;
  at: string;
}

const fieldsSchema = {
  type: ['object', 'null'],
  maxProperties: 16,
  additionalProperties: { type: 'string', maxLength: 128 },
};

const schema = {
  type: 'object',
  required: [
    'instruction_id',
    'payment_id',
    'partner_id',
    'network',
    'operation',
    'version',
    'outcome',
    'evidence',
    'at',
  ],
  properties: {
    instruction_id: idSchema,
    payment_id: idSchema,
    partner_id: idSchema,
    network: idSchema,
    operation: { enum: WALLET_OPERATIONS },
    version: { type: 'integer', minimum: 1 },
    outcome: { enum: OUTCOMES },
    amount: amountSchema,
    network_reference: { type: 'string', maxLength: 128 },
    reason: { enum: REASONS },
    decline_class: { enum: DECLINE_CLASSES },
    network_code: { type: 'string', maxLength: 64 },
    counterparty: { type: 'string', maxLength: 32 },
    hold_expires_at: instantSchema,
    cancelable_until: instantSchema,
    late: { type: 'boolean' },
    contradicted: {
      type: 'object',
      required: ['earlier', 'later'],
      properties: { earlier: fieldsSchema, later: { ...fieldsSchema, type: 'object' } },
    },
    next_action: {
      type: 'object',
      required: ['type', 'value'],
      properties: { type: { type: 'string' }, value: { type: 'string', maxLength: 2048 }, expires_at: instantSchema },
    },
    needs_person: { type: 'boolean' },
    amount_conflict: { type: 'boolean' },
    returned: amountSchema,
    authentication: authenticationSchema,
    disputes: { type: 'array', maxItems: MOST_DISPUTES, items: networkDisputeSchema },
    evidence: { enum: EVIDENCE },
    at: instantSchema,
  },
};

const example: WalletOutcome = {
  instruction_id: 'pay_01K0EXAMPLE0000000000000000-hold',
  payment_id: 'pay_01K0EXAMPLE0000000000000000',
  partner_id: 'prt_demo',
  network: 'applepay',
  operation: 'hold',
  version: 1,
  outcome: 'PROCESSED',
  amount: { amount: '10200', currency: 'USD' },
  network_reference: 'pay_acquirer_1',
  counterparty: 'visa',
  hold_expires_at: '2026-12-02T10:00:00.000Z',
  evidence: 'answer',
  at: '2026-11-25T10:00:00.000Z',
};

/** `wallet.<network>.events.v1`: outcomes of that network's instructions. Writer: the network's own service. */
export function walletEvents(networkId: string, writer: string = networkId): Contract<WalletOutcome> {
  return defineContract<WalletOutcome>({
    topic: `wallet.${networkId}.events.v1`,
    kind: 'instruction',
    writer,
    schema,
    examples: [example],
    keyOf: (outcome) => outcome.payment_id,
  });
}
