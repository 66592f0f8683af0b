import type { DeclineClass } from '../domain/payment';
import type { PublicStatus } from '../domain/public-status';

/** Why a payment did not complete, as partners read it: a stable code and a sentence that says what to do. */
export interface Failure {
  code: string;
  /** Of a refusal by a network: `soft` may pass another day or with another amount, `hard` never with this instrument. */
  class?: DeclineClass;
  detail: string;
}

/**
 * The sentences of the codes that a payment can end with: reasons of wallet networks, of the reservation, of the
 * screening, and routing's own. docs/partners.md lists exactly these; a code that is not here reads like OTHER.
 */
export const FAILURE_DETAILS: Readonly<Record<string, string>> = {
  DECLINED_BY_ISSUER: "The payer's bank declined. Ask the payer for another instrument.",
  INSUFFICIENT_FUNDS: 'The payer has not enough money on this instrument.',
  INSTRUMENT_EXPIRED: 'The instrument has expired. Register a new one.',
  INSTRUMENT_INVALID: 'The network does not accept this instrument. Register a new one.',
  LIMIT_EXCEEDED: "A limit of the payer's instrument is reached.",
  SUSPECTED_FRAUD: 'The network suspects fraud. Do not repeat the payment without asking the payer.',
  PARTIAL_APPROVAL: 'Less than the whole amount was approved, so nothing was taken.',
  PAYEE_ACCOUNT_CLOSED: "The payee's account is closed. The payer was not charged or is paid back.",
  PAYEE_ACCOUNT_INVALID: "The payee's account does not exist or does not match the name.",
  PAYEE_LIMIT_EXCEEDED: "A limit of the payee's account is reached.",
  PAYEE_NOT_ELIGIBLE: 'The payee cannot be paid on this instrument.',
  PAYER_DID_NOT_CONFIRM: 'The payer did not confirm in time.',
  PAYER_CANCELLED: 'The payer canceled.',
  NO_ANSWER_IN_TIME:
    "The payer's network did not answer in time, and confirmed that nothing was kept. Ask for a new quote.",
  NOT_AFTER_PASSED: 'The payment was not started in time. Ask for a new quote.',
  REFUSED_BEFORE_ACCEPTANCE: 'The network did not accept the order. A new payment can succeed.',
  RELEASED_BEFORE_START: 'The payment was taken back before it started.',
  HOLD_EXPIRED: 'The hold on the card ended before the payee could be paid.',
  ALREADY_FINAL: 'The network had already ended the order.',
  FLOAT_TOO_LOW: 'The payout cannot be funded at the moment. Try again later.',
  EXPOSURE_LIMIT: 'A limit of this corridor is reached. Try again later.',
  NET_DEBIT_CAP: 'Your limit for unsettled payments is reached.',
  QUOTE_ALREADY_USED: 'The quote was used already. Ask for a new one.',
  QUOTE_UNKNOWN: 'The quote is not known. Ask for a new one.',
  QUOTE_WITHDRAWN: 'The quote was withdrawn before it was used. Ask for a new one.',
  RELEASED_BEFORE_RESERVE: 'The payment was taken back before it started.',
  REFUND_NOT_FUNDED: 'Your balance does not cover the refund. Have it topped up and ask for the refund again.',
  AMOUNT_TOO_SMALL: 'At the rate of its day nothing is left of the refund on one side. Refund more at once.',
  DISPUTE_OPEN: 'A dispute of the payment was opened before the refund was sent. Nothing has moved.',
  DISPUTE_LOST: 'A dispute of the payment was lost before the refund reached the payer, who has the money already.',
  TAKEN_BACK: "The payer's network took the payment back by itself: the payer has the money already.",
  REFUND_EXCEEDS:
    "The payer's network took a part of the payment back by itself before the refund reached the payer: with it the payer would have more than was taken. Ask for a refund of what is left.",
  PARTY_UNKNOWN: 'The payer or the payee is not registered. Register them with POST /v1/parties.',
  PAYMENT_LIMIT: 'The amount is above the limit of one payment.',
  CURRENCY_WITHOUT_LIMIT: 'Payments in this currency are not open to you.',
  REJECTED: 'The payment is not accepted.',
  DECLINED: 'The payment was declined.',
  EXPIRED: 'The payment was not completed in time. Ask for a new quote.',
  REVERSED: 'The payee could not be paid; the payer was not charged or is paid back.',
  CANCELED: 'You canceled the payment.',
  OTHER: 'The payment could not be completed.',
};

const FAILED: readonly PublicStatus[] = ['declined', 'canceled', 'failed'];

/** The class of our own reasons, for networks whose codes do not say it. */
const CLASSES: Readonly<Record<string, DeclineClass>> = {
  DECLINED_BY_ISSUER: 'soft',
  INSUFFICIENT_FUNDS: 'soft',
  LIMIT_EXCEEDED: 'soft',
  PARTIAL_APPROVAL: 'soft',
  SUSPECTED_FRAUD: 'soft',
  PAYEE_LIMIT_EXCEEDED: 'soft',
  PAYEE_NOT_ELIGIBLE: 'soft',
  INSTRUMENT_EXPIRED: 'hard',
  INSTRUMENT_INVALID: 'hard',
  PAYEE_ACCOUNT_CLOSED: 'hard',
  PAYEE_ACCOUNT_INVALID: 'hard',
};

/** Null where the status is no failure. */
export function failureOf(status: PublicStatus, reason: string | null, told?: DeclineClass): Failure | null {
  if (!FAILED.includes(status)) return null;
  const code = reason ?? 'OTHER';
  const known = told ?? (Object.hasOwn(CLASSES, code) ? CLASSES[code] : undefined);
  return { code, ...(known && { class: known }), detail: FAILURE_DETAILS[code] ?? FAILURE_DETAILS.OTHER! };
}
