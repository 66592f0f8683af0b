/**
 * Whose outcomes carry versions of their own: the second credit, and that a credit came back. They are apart, because one
 * outcome can tell both.
 */
export type ReturnPart = 'correct' | 'back';

/**
 * Everything that can be learnt about a returned credit. `credit_returned` makes it; `correction_*` is the outcome of the
 * second credit, `correction_returned` that this one came back, too; `_requested` and `refund_chosen` come from the partner;
 * `refunded_before` is that the partner's balance had paid the whole of the payment back.
 */
export const RETURN_FACTS = [
  'credit_returned',
  'correction_requested',
  'refund_chosen',
  'refunded_before',
  'correction_processed',
  'correction_declined',
  'correction_not_submitted',
  'correction_pending',
  'correction_unknown',
  'correction_needs_person',
  'correction_amount_conflict',
  'correction_returned',
] as const;
export type ReturnFactName = (typeof RETURN_FACTS)[number];

/** One fact with what came along. */
export interface ReturnFact {
  name: ReturnFactName;
  part?: ReturnPart;
  version?: number;
  /** Our reason code. */
  reason?: string;
  /** Who owes the money that came back, or gave the second credit. */
  counterparty?: string;
}
