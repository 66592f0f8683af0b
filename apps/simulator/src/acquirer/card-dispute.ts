import type { CardPayment } from './card-payment';

/** Why a cardholder's bank disputes, as the acquirer names it. */
export const DISPUTE_CATEGORIES = [
  'fraudulent',
  'unrecognized',
  'canceled_recurring',
  'product_service_not_received',
  'not_as_described',
  'credit_not_issued',
  'duplicate',
  'processing_error',
  'general',
] as const;
export type DisputeCategory = (typeof DISPUTE_CATEGORIES)[number];

/** How a dispute can end without us: the scheme decides, or the issuer withdraws. */
export const DISPUTE_DECISIONS = ['won', 'lost', 'canceled'] as const;
export type DisputeDecision = (typeof DISPUTE_DECISIONS)[number];

export type DisputeStatus = 'evidence_required' | 'evidence_under_review' | 'accepted' | 'expired' | DisputeDecision;

/** A dispute of a payment; amounts are minor units. */
export interface CardDispute {
  readonly id: string;
  readonly payment_id: string;
  readonly payment_reference: string;
  readonly category: DisputeCategory;
  readonly reason_code: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly status: DisputeStatus;
  readonly evidence: Readonly<Record<string, string>>;
  readonly evidence_required_by: Date;
  readonly received_on: Date;
  readonly last_update: Date;
}

const OPEN: ReadonlySet<DisputeStatus> = new Set(['evidence_required', 'evidence_under_review']);

export function isOpen({ status }: CardDispute): boolean {
  return OPEN.has(status);
}

/** Evidence that is taken as text; files are not simulated. */
export const EVIDENCE_TEXTS: readonly string[] = [
  'proof_of_delivery_or_service_text',
  'proof_of_delivery_or_service_date_text',
  'invoice_or_receipt_text',
  'invoice_showing_distinct_transactions_text',
  'customer_communication_text',
  'refund_or_cancellation_policy_text',
  'recurring_transaction_agreement_text',
  'additional_evidence_text',
];
export const EVIDENCE_LENGTH = 500;

type View = Record<string, unknown>;

/** One line of `GET /disputes`. */
export function disputeSummary(dispute: CardDispute, payment: CardPayment): View {
  return {
    ...factsOf(dispute),
    payment_id: dispute.payment_id,
    payment_reference: dispute.payment_reference,
    payment_arn: arnOf(payment),
    payment_method: payment.card.scheme.toUpperCase(),
  };
}

/** The answer to `GET /disputes/{id}`. */
export function disputeDetails(dispute: CardDispute, payment: CardPayment): View {
  return {
    ...factsOf(dispute),
    relevant_evidence: ['proof_of_delivery_or_service', 'invoice_or_receipt', 'additional_evidence'],
    payment: {
      id: dispute.payment_id,
      amount: Number(payment.captured),
      currency: payment.currency,
      method: payment.card.scheme.toUpperCase(),
      arn: arnOf(payment),
      has_refund: payment.refunded > 0n,
      processed_on: payment.requested_at,
      ...(payment.card.eci !== undefined && { eci: payment.card.eci.padStart(2, '0') }),
    },
  };
}

/** The data of a webhook about a dispute. */
export function disputeEvent(dispute: CardDispute, payment: CardPayment): View {
  return { ...disputeSummary(dispute, payment), date: dispute.last_update };
}

function factsOf(dispute: CardDispute): View {
  return {
    id: dispute.id,
    category: dispute.category,
    amount: Number(dispute.amount),
    currency: dispute.currency,
    reason_code: dispute.reason_code,
    status: dispute.status,
    evidence_required_by: dispute.evidence_required_by,
    received_on: dispute.received_on,
    last_update: dispute.last_update,
  };
}

/** Acquirer reference number: 23 digits in the field, derived here from what is at hand. */
function arnOf(payment: CardPayment): string {
  return payment.id.slice(-23).toUpperCase();
}
