import { amountSchema, instantSchema, type AmountOnWire } from './contract';

/** Why a cardholder's bank takes the money back; each network's mapping table translates its own categories into these. */
export const DISPUTE_CATEGORIES = [
  'fraudulent',
  'unrecognized',
  'not_received',
  'not_as_described',
  'credit_not_issued',
  'canceled_recurring',
  'duplicate',
  'processing_error',
  'general',
] as const;
export type DisputeCategory = (typeof DISPUTE_CATEGORIES)[number];

/** Where a dispute stands by the network's own word; `open` waits for our answer, `won` and `lost` are its last word. */
export const DISPUTE_STATUSES = ['open', 'under_review', 'won', 'lost'] as const;
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number];

/** A dispute (chargeback) as the network tells it: a fact about a hold or collection that was processed before. */
export interface NetworkDispute {
  /** The network's own id. */
  network_reference: string;
  status: DisputeStatus;
  /** What the network has taken back: the gross amount, fee of the payment included. */
  amount: AmountOnWire;
  category: DisputeCategory;
  /** The scheme's own code, for support. */
  reason_code: string;
  received_at: string;
  /** Until when evidence is taken. */
  evidence_due_by?: string;
  /** What the acquirer charges for the dispute, by contract; it stays charged when the dispute is won. */
  fee?: AmountOnWire;
}

/** How the cardholder proved to be one, from the network's answer and not from our request: a network may downgrade it. */
export interface Authentication {
  /** Electronic commerce indicator, two digits; absent where the network gave none. */
  eci?: string;
  /** Whether the network took a cryptogram with the payment. The cryptogram itself is kept nowhere. */
  cryptogram: boolean;
}

/** What evidence can be about. */
export const EVIDENCE_FIELDS = [
  'proof_of_delivery',
  'invoice_or_receipt',
  'customer_communication',
  'refund_or_cancellation_policy',
  'additional',
] as const;
export type EvidenceField = (typeof EVIDENCE_FIELDS)[number];

/** Networks take this many characters a field. */
export const EVIDENCE_TEXT_LENGTH = 500;

/** Evidence against a dispute: short texts and references, never card data. */
export type DisputeEvidence = Partial<Record<EvidenceField, string>>;

/** What an instruction about a dispute names. */
export interface DisputeOfCommand {
  network_reference: string;
  /** Present on represent. */
  evidence?: DisputeEvidence;
}

/** A payment has rarely more than one. */
export const MOST_DISPUTES = 8;

export const authenticationSchema = {
  type: 'object',
  required: ['cryptogram'],
  properties: { eci: { type: 'string', pattern: '^[0-9]{2}$' }, cryptogram: { type: 'boolean' } },
} as const;

export const networkDisputeSchema = {
  type: 'object',
  required: ['network_reference', 'status', 'amount', 'category', 'reason_code', 'received_at'],
  properties: {
    network_reference: { type: 'string', minLength: 1, maxLength: 128 },
    status: { enum: DISPUTE_STATUSES },
    amount: amountSchema,
    category: { enum: DISPUTE_CATEGORIES },
    reason_code: { type: 'string', maxLength: 32 },
    received_at: instantSchema,
    evidence_due_by: instantSchema,
    fee: amountSchema,
  },
} as const;

export const disputeOfCommandSchema = {
  type: 'object',
  required: ['network_reference'],
  properties: {
    network_reference: { type: 'string', minLength: 1, maxLength: 128 },
    evidence: {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: Object.fromEntries(
        EVIDENCE_FIELDS.map((field) => [field, { type: 'string', minLength: 1, maxLength: EVIDENCE_TEXT_LENGTH }]),
      ),
    },
  },
} as const;
