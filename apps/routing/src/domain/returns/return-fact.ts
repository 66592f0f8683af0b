/**
 * Whose outcomes carry versions of their own: the second credit, that the first credit came back, that the second one came
 * back, too, and what contradicts the second credit's outcome. They are apart, because one outcome can tell several of them,
 * and because the versions of the two credits have nothing to do with each other.
 */
export type ReturnPart = 'correct' | 'back' | 'back_again' | 'contradiction';

/**
 * Everything that can be learnt about a returned credit. `credit_returned` makes it; `correction_*` is the outcome of the
 * second credit, `correction_returned` that this one came back, too, `correction_contradicted` a notification against an
 * outcome that stands; `_requested` and `refund_chosen` come from the partner; `refunded_before` is that the partner's
 * balance has paid the whole of the payment back. `refund_refused` is that the refund it became may not be sent, and
 * `last_refund_refused` the same where the payee cannot be corrected any more.
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
  'correction_contradicted',
  'refund_refused',
  'last_refund_refused',
] as const;
export type ReturnFactName = (typeof RETURN_FACTS)[number];

/** One fact with what came along. */
export interface ReturnFact {
  name: ReturnFactName;
  part?: ReturnPart;
  version?: number;
  /** Our reason code. */
  reason?: string;
  /** Of `correction_contradicted`: what a person needs of both words. */
  detail?: Record<string, string>;
  /** Who owes the money that came back, or gave the second credit. */
  counterparty?: string;
}
