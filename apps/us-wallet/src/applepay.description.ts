import type { NetworkDescription, OperationRules } from '@gateway/wallet-network';
import { CAPTURE_MARGIN_MS } from './hold-validity';

/** Who owes us payouts' money back, and whom top-ups go to: the bank behind the push-to-card account. */
export const PAYOUT_COUNTERPARTY = 'us_payout_bank';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The acquirer answers most calls within 3 s and gives up on issuers itself; an unanswered call is enquired about. */
export const CALL_TIMEOUT_MS = 15 * SECOND;
/** Cko-Idempotency-Key: kept for 24 hours, for successful answers only. */
const IDEMPOTENCY_LIFE_MS = DAY;
/** How old a hold or collection may become without an answer and still be wanted; an older one is reversed. */
const POLICY_AGE_MS = 30 * MINUTE;

/**
 * A hold or collection decides whether the payer is kept waiting, so it is asked about often at first. Found in time, the
 * payment goes on; at the policy's age it is reversed, again and again until the acquirer acknowledges it.
 */
const MAKING: OperationRules = {
  callTimeoutMs: CALL_TIMEOUT_MS,
  idempotencyLifeMs: IDEMPOTENCY_LIFE_MS,
  enquiry: {
    delaysMs: [SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE],
    giveUpAfterMs: POLICY_AGE_MS,
    cancelAtEnd: true,
  },
};

/** Payouts cannot be cancelled; one that is pending may take the receiving bank half an hour. */
const CREDIT: OperationRules = {
  callTimeoutMs: CALL_TIMEOUT_MS,
  idempotencyLifeMs: IDEMPOTENCY_LIFE_MS,
  enquiry: {
    delaysMs: [SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR],
    giveUpAfterMs: DAY,
    cancelAtEnd: false,
  },
};

/** Captures, voids and refunds are taken for processing and done shortly after; a capture must end before its hold. */
const ACTING: OperationRules = {
  callTimeoutMs: CALL_TIMEOUT_MS,
  idempotencyLifeMs: IDEMPOTENCY_LIFE_MS,
  enquiry: {
    delaysMs: [SECOND, 2 * SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 10 * MINUTE, HOUR],
    giveUpAfterMs: DAY,
    cancelAtEnd: false,
  },
};

/** Evidence and acceptance say what the acquirer tells of the dispute; a dispute is answered within weeks. */
const ANSWERING: OperationRules = {
  ...ACTING,
  enquiry: { ...ACTING.enquiry, delaysMs: [SECOND, 5 * SECOND, MINUTE, 10 * MINUTE, HOUR] },
};

/** Static facts about Apple Pay on US cards. Amex can neither be pulled from person to person nor pushed to: by instrument. */
export const APPLE_PAY_DESCRIPTION: NetworkDescription = {
  id: 'applepay',
  country: 'US',
  currencies: ['USD'],
  funding: { goods: 'hold', services: 'hold', person_to_person: 'collect' },
  canCredit: true,
  operations: {
    hold: MAKING,
    collect: MAKING,
    credit: CREDIT,
    capture: ACTING,
    release: ACTING,
    refund: ACTING,
    represent: ANSWERING,
    accept: ANSWERING,
  },
  counterparties: { payer: null, payee: PAYOUT_COUNTERPARTY },
  holdMarginMs: CAPTURE_MARGIN_MS,
  limits: { USD: { minimumMinor: '10', maximumMinor: '1000000' } },
};
