/** What a refund's table can instruct: reserve the partner's money, give that back, have the payer's network pay back. */
export type RefundInstruction = 'fund' | 'unfund' | 'send';

/** Whose outcomes carry versions of their own: the instructions, and what contradicts an outcome that is told again with it. */
export type RefundPart = RefundInstruction | 'contradiction';

/**
 * Everything that can be learnt about a refund. `funding_*` is the answer of fx-settlement, `send_*` the outcome of the
 * payer's network; `_needs_person` an unknown whose enquiry plan has ended, `_amount_conflict` an outcome over another
 * amount than asked, `former_send_processed` a success of what was certainly refused before the money went elsewhere,
 * `send_contradicted` a notification against an outcome that stands. `refund_deferred` and `rate_day_come` are of rule R3;
 * `other_instrument_approved` and `paid_by_hand` are what two people have said. `_forbidden`: the same at a moment when the
 * payment may not be refunded, as the payer has the money otherwise, or may get it; `forbidden_for_good`: that this is certain,
 * and stays so.
 */
export const REFUND_FACTS = [
  'refund_requested',
  'refund_deferred',
  'rate_day_come',
  'rate_day_forbidden',
  'funding_granted',
  'funding_granted_by_hand',
  'funding_granted_forbidden',
  'funding_refused',
  'funding_released',
  'send_processed',
  'send_declined',
  'send_not_submitted',
  'send_pending',
  'send_unknown',
  'send_needs_person',
  'send_amount_conflict',
  'former_send_processed',
  'send_contradicted',
  'other_instrument_approved',
  'paid_by_hand',
  'forbidden_for_good',
] as const;
export type RefundFactName = (typeof REFUND_FACTS)[number];

/** One fact with what came along. */
export interface RefundFact {
  name: RefundFactName;
  /** The part whose outcome it is, and the outcome's version: a version not above the last one taken in is a repeat. */
  part?: RefundPart;
  version?: number;
  /** Our reason code. */
  reason?: string;
  /** Of `funding_granted`: the rate at which the books value the refund, CNY per USD. */
  mid?: string;
  /** Of `funding_granted`: what the rule made of the shares at that rate, where they do not move as they are. */
  moved?: { source: string; target: string };
  /** Of `send_*`: the instruction that it answers, and who paid. */
  instructionId?: string;
  counterparty?: string;
  /** Of `send_contradicted`: what a person needs of both words. */
  detail?: Record<string, string>;
  /** Of `other_instrument_approved`: where the money goes, and until when it may start. */
  elsewhere?: { instrument: string; notAfter: string };
}
