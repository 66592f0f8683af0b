import type { Instruction, Outcome } from '@gateway/wallet-network';
import { PAYOUT_COUNTERPARTY } from './applepay.description';
import { CARD_SCHEMES, type AcquirerAction, type AcquirerPayment, type CardScheme } from './acquirer/acquirer-answers';
import type { AcquirerCall } from './acquirer/acquirer-call';
import { meaningOf } from './acquirer/response-codes';
import { holdExpiry, reversibleUntil } from './hold-validity';

/** Operations that make a payment at the acquirer; the others act on one. */
type MakingOperation = 'hold' | 'collect' | 'credit';

/**
 * - `done`: money is held, taken or given.
 * - `under_way`: accepted, not finished.
 * - `declined`: a no, if the response code says which.
 * - `lapsed`: it was done and is not any more, so that nobody can build on it.
 * - `undone`: the payer's money had been taken, and all of it has been given back.
 * - `given_back`: the payee had the money, and it came back to us.
 */
type State = 'done' | 'under_way' | 'declined' | 'lapsed' | 'undone' | 'given_back';

/** Status of a payment: theirs to ours, by what we asked for. A status that is not listed is UNKNOWN. */
const STATES: Record<MakingOperation, Readonly<Record<string, State>>> = {
  hold: {
    Authorized: 'done',
    Pending: 'under_way',
    Declined: 'declined',
    Expired: 'lapsed',
    Voided: 'lapsed',
    Canceled: 'lapsed',
    // Asked late: the hold was there, for it was captured.
    Captured: 'done',
    'Partially Captured': 'done',
    Refunded: 'done',
    'Partially Refunded': 'done',
  },
  collect: {
    // Approved, but what a collection asks for is the money.
    Authorized: 'under_way',
    Pending: 'under_way',
    Captured: 'done',
    'Partially Captured': 'done',
    Declined: 'declined',
    Expired: 'lapsed',
    Voided: 'lapsed',
    Canceled: 'lapsed',
    // Asked late: the money had been taken before it was given back.
    Refunded: 'undone',
    'Partially Refunded': 'done',
  },
  credit: {
    Paid: 'done',
    Pending: 'under_way',
    Declined: 'declined',
    Returned: 'given_back',
    Canceled: 'lapsed',
  },
};

/** Error codes of `POST /payments` that are a definite no for this instruction: the token can never pay again. */
const FINAL_REFUSALS: Readonly<Record<string, 'INSTRUMENT_EXPIRED' | 'INSTRUMENT_INVALID'>> = {
  token_expired: 'INSTRUMENT_EXPIRED',
  token_invalid: 'INSTRUMENT_INVALID',
};

/** Error codes of a request that the acquirer did not take in at all. */
const NOT_ACCEPTED: ReadonlySet<string> = new Set([
  'amount_invalid',
  'currency_invalid',
  'reference_invalid',
  'capture_invalid_for_aft',
  'sender_and_recipient_required',
  'processing_channel_id_required',
  'source_invalid',
  'destination_invalid',
]);

export const NOT_OFFERED: Outcome = {
  kind: 'NOT_SUBMITTED',
  reason: 'REFUSED_BEFORE_ACCEPTANCE',
  networkCode: 'NOT_OFFERED',
};

export function unknown(networkCode: string, networkReference?: string): Outcome {
  return { kind: 'UNKNOWN', networkCode, ...(networkReference !== undefined && { networkReference }) };
}

/** What `POST /payments` answered to a hold, a collection or a credit. */
export function outcomeOfRequest(call: AcquirerCall<AcquirerPayment>, instruction: Instruction): Outcome {
  switch (call.kind) {
    case 'answered':
      return outcomeOfPayment(call.answer, instruction);
    case 'never_left':
      return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };
    case 'silent':
      return unknown(call.code);
    case 'refused':
      return outcomeOfRefusal(call.status, call.codes);
  }
}

/**
 * The decryption process refused the token, and sent nothing. That is certain for the first call alone: an earlier one may
 * have been sent when the keys were others.
 */
export function outcomeOfTokenRefusal(code: string, { attempt }: Instruction): Outcome {
  return attempt === 1 ? { kind: 'DECLINED', reason: 'INSTRUMENT_INVALID', networkCode: code } : unknown(code);
}

/** A payment as it stands, told as the outcome of the hold, collection or credit that made it. */
export function outcomeOfPayment(payment: AcquirerPayment, instruction: Instruction): Outcome {
  const states = STATES[instruction.operation as MakingOperation];
  const state = Object.hasOwn(states, payment.status) ? states[payment.status] : undefined;
  switch (state) {
    case 'done':
      return processedPayment(payment, instruction);
    case 'given_back':
      return givenBack(payment, instruction);
    case 'under_way':
      return { kind: 'PENDING', networkReference: payment.id };
    case 'declined':
      return declinedPayment(payment, instruction);
    case 'lapsed':
      return lapsedPayment(payment, instruction);
    case 'undone':
      return { ...processedPayment(payment, instruction), undone: true };
    default:
      return unknown(payment.status, payment.id);
  }
}

/** Only money that was taken can be disputed. */
const MONEY_TAKEN: ReadonlySet<string> = new Set(['Captured', 'Partially Captured', 'Refunded', 'Partially Refunded']);

export function canBeDisputed({ status }: AcquirerPayment, { operation }: Instruction): boolean {
  return operation !== 'credit' && MONEY_TAKEN.has(status);
}
/** Statuses in which a payment holds or keeps none of the payer's money: a release has nothing left to do. */
const FREE: ReadonlySet<string> = new Set(['Voided', 'Expired', 'Canceled', 'Refunded', 'Declined']);

/**
 * The payment of ours among those found by our reference: the one that still stands, or else one that did not come to
 * anything. More than one that stands means that one instruction was executed twice: no outcome of ours, a person's matter.
 */
export function ownPayment(found: readonly AcquirerPayment[]): AcquirerPayment | 'twice' | null {
  const standing = found.filter(({ status }) => !FREE.has(status));
  if (standing.length > 1) return 'twice';
  return standing[0] ?? found.find(({ status }) => status !== 'Declined') ?? found[0] ?? null;
}

/** The payment that a search by our reference found, or what is to be said where it is not one. */
export function paymentOfSearch(
  call: AcquirerCall<AcquirerPayment[]>,
  { instructionId }: Instruction,
): AcquirerPayment | Outcome {
  if (call.kind !== 'answered') return outcomeOfFailedEnquiry(call);
  const found = call.answer.filter(({ reference }) => reference === instructionId);
  const payment = ownPayment(found);
  if (payment === 'twice') return unknown('EXECUTED_TWICE', found[0]?.id);
  return payment ?? { kind: 'NOT_FOUND' };
}

/** An enquiry that failed says nothing of what it asked about. */
export function outcomeOfFailedEnquiry(call: Exclude<AcquirerCall<unknown>, { kind: 'answered' }>): Outcome {
  if (call.kind === 'refused') return call.status === 404 ? { kind: 'NOT_FOUND' } : unknown(`HTTP_${call.status}`);
  return unknown(call.kind === 'silent' ? call.code : 'NO_CONNECTION');
}

/** A capture, void or refund of ours among a payment's actions, or null where there is none (yet). */
export function outcomeOfAction(
  actions: readonly AcquirerAction[],
  instruction: Instruction,
  paymentId: string,
): Outcome | null {
  const own = actions.filter(({ reference }) => reference === instruction.instructionId);
  const approved = own.filter((action) => action.approved);
  if (approved.length > 1) return unknown('EXECUTED_TWICE', paymentId);
  const [done] = approved;
  if (done !== undefined) {
    const amount = { amount: done.amount, currency: instruction.amount.currency };
    return { kind: 'PROCESSED', networkReference: done.id, amount, counterparty: counterpartyOf(instruction, null) };
  }
  const refusal = own[0];
  if (refusal === undefined) return null;
  const meaning = meaningOf(refusal.responseCode);
  const networkCode = refusal.responseCode ?? refusal.type;
  return meaning === null
    ? unknown(networkCode, refusal.id)
    : {
        kind: 'DECLINED',
        reason: meaning.payer,
        declineClass: meaning.class,
        networkCode,
        networkReference: refusal.id,
      };
}

/** The acquirer refuses to capture or refund more than there is. */
const MORE_THAN_LEFT: ReadonlySet<string> = new Set([
  'capture_value_greater_than_remaining',
  'refund_value_greater_than_remaining',
]);

/**
 * A definite refusal of an action that is not among the payment's actions. More than is left is a certain no the first
 * time only: on a repeat it may be our own earlier try that has taken it.
 */
export function outcomeOfActionRefusal(
  code: string,
  payment: AcquirerCall<AcquirerPayment>,
  instruction: Instruction,
): Outcome {
  if (MORE_THAN_LEFT.has(code) && instruction.attempt === 1)
    return { kind: 'DECLINED', reason: 'LIMIT_EXCEEDED', networkCode: code };
  const outcome = payment.kind === 'answered' ? outcomeByStatus(payment.answer, instruction) : null;
  return outcome === null || outcome.kind === 'UNKNOWN' ? unknown(code) : outcome;
}

/** A payment that ended without our capture among its actions can never be captured: a certain no, whatever was sent. */
export function outcomeOfMissingCapture(payment: AcquirerCall<AcquirerPayment>, instruction: Instruction): Outcome {
  if (payment.kind !== 'answered' || !UNCAPTURED.has(payment.answer.status)) return { kind: 'NOT_FOUND' };
  return outcomeByStatus(payment.answer, instruction);
}

const UNCAPTURED: ReadonlySet<string> = new Set(['Voided', 'Expired', 'Canceled']);

/** What a payment's own status proves about an action that the acquirer refuses and does not list. */
function outcomeByStatus(payment: AcquirerPayment, instruction: Instruction): Outcome {
  const { status, id } = payment;
  const { operation } = instruction;
  if (operation === 'release' && FREE.has(status)) {
    return {
      kind: 'PROCESSED',
      networkReference: id,
      // What was declined never held anything.
      amount: status === 'Declined' ? { ...instruction.amount, amount: '0' } : instruction.amount,
      counterparty: counterpartyOf(instruction, payment.scheme),
    };
  }
  if (operation === 'capture' && status === 'Expired')
    return { kind: 'DECLINED', reason: 'HOLD_EXPIRED', networkCode: status, networkReference: id };
  const isOver = operation === 'refund' ? status === 'Refunded' : FREE.has(status);
  return isOver
    ? { kind: 'DECLINED', reason: 'ALREADY_FINAL', networkCode: status, networkReference: id }
    : unknown(status, id);
}

/**
 * 4xx of `POST /payments`. 401 and 403 are told before a request is read. 409 and 429 may speak of our own earlier
 * request ("duplicate request detected"), `token_used` too: only an enquiry can tell.
 */
function outcomeOfRefusal(status: number, codes: readonly string[]): Outcome {
  const [code = `HTTP_${status}`] = codes;
  if (status === 401 || status === 403) return notAccepted(code);
  if (status !== 422) return unknown(code);
  const reason = Object.hasOwn(FINAL_REFUSALS, code) ? FINAL_REFUSALS[code] : undefined;
  if (reason !== undefined) return { kind: 'DECLINED', reason, declineClass: 'hard', networkCode: code };
  return codes.length > 0 && codes.every((one) => NOT_ACCEPTED.has(one)) ? notAccepted(code) : unknown(code);
}

function notAccepted(networkCode: string): Outcome {
  return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE', networkCode };
}

export function processedPayment(payment: AcquirerPayment, instruction: Instruction): Processed {
  const isCredit = instruction.operation === 'credit';
  const scheme = schemeOf(instruction, payment.scheme);
  return {
    kind: 'PROCESSED',
    networkReference: payment.id,
    amount: { amount: payment.amount, currency: payment.currency },
    counterparty: isCredit ? PAYOUT_COUNTERPARTY : counterpartyOf(instruction, payment.scheme),
    ...deadlinesOf(payment, instruction, scheme),
    ...(isCredit ? {} : authenticationOf(payment)),
  };
}

type Processed = Extract<Outcome, { kind: 'PROCESSED' }>;

function authenticationOf({ eci, hasCryptogram }: AcquirerPayment): Partial<Processed> {
  if (eci === null && !hasCryptogram) return {};
  return { authentication: { ...(eci !== null && { eci }), cryptogram: hasCryptogram } };
}

/** Until when a hold can be captured or voided, or a collection reversed. */
function deadlinesOf(
  { decidedAt, expiresAt }: AcquirerPayment,
  { operation }: Instruction,
  scheme: CardScheme | null,
): Pick<Processed, 'holdExpiresAt' | 'cancelableUntil'> {
  if (scheme === null || decidedAt === null || operation === 'credit') return {};
  return operation === 'hold'
    ? { holdExpiresAt: holdExpiry(scheme, decidedAt, expiresAt).toISOString() }
    : { cancelableUntil: reversibleUntil(scheme, decidedAt).toISOString() };
}

/** A payout comes back whole, unless the acquirer says how much of it. */
function givenBack(payment: AcquirerPayment, instruction: Instruction): Outcome {
  const returned = { amount: payment.returned ?? payment.amount, currency: payment.currency };
  return { ...processedPayment(payment, instruction), returned };
}

function declinedPayment(payment: AcquirerPayment, instruction: Instruction): Outcome {
  const meaning = meaningOf(payment.responseCode);
  const networkCode = payment.responseCode ?? payment.status;
  if (meaning === null || payment.approved === true) return unknown(networkCode, payment.id);
  const reason = instruction.operation === 'credit' ? meaning.payee : meaning.payer;
  return { kind: 'DECLINED', reason, declineClass: meaning.class, networkCode, networkReference: payment.id };
}

function lapsedPayment(payment: AcquirerPayment, instruction: Instruction): Outcome {
  const byOperation = { hold: 'HOLD_EXPIRED', collect: 'ALREADY_FINAL', credit: 'PAYEE_ACCOUNT_INVALID' } as const;
  const reason = byOperation[instruction.operation as MakingOperation];
  return { kind: 'DECLINED', reason, networkCode: payment.status, networkReference: payment.id };
}

/** The scheme that owes us or is owed; the acquirer's word first, else what the token's exchange said. */
function counterpartyOf(instruction: Instruction, told: CardScheme | null): string {
  return schemeOf(instruction, told) ?? 'card';
}

export function schemeOf(instruction: Instruction, told: CardScheme | null): CardScheme | null {
  const known = instruction.instrument?.scheme ?? instruction.target?.instrument?.scheme;
  return told ?? CARD_SCHEMES.find((scheme) => scheme === known) ?? null;
}
