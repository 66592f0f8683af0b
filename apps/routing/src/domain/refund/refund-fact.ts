/** Whose outcomes carry versions of their own: the two instructions that a refund can give. */
export type RefundPart = 'fund' | 'send';

/** What a refund's table can instruct: reserve the partner's money, and have the payer's network pay back. */
export type RefundInstruction = RefundPart;

/**
 * Everything that can be learnt about a refund. `funding_*` is the answer of fx-settlement, `send_*` the outcome of the
 * payer's network; `_needs_person` an unknown whose enquiry plan has ended, `_amount_conflict` an outcome over another
 * amount than asked, `former_send_processed` a success of what was certainly refused before the money went elsewhere.
 * `refund_deferred` and `rate_day_come` are of rule R3; the last two are what two people have said.
 */
export const REFUND_FACTS = [
  'refund_requested',
  'refund_deferred',
  'rate_day_come',
  'funding_granted',
  'funding_granted_by_hand',
  'funding_refused',
  'send_processed',
  'send_declined',
  'send_not_submitted',
  'send_pending',
  'send_unknown',
  'send_needs_person',
  'send_amount_conflict',
  'former_send_processed',
  'other_instrument_approved',
  'paid_by_hand',
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
  /** Of `other_instrument_approved`: where the money goes, and until when it may start. */
  elsewhere?: { instrument: string; notAfter: string };
}
