import { found, type Instruction, type Outcome } from '@gateway/wallet-network';
import { CARD_SCHEMES, type AcquirerPayment, type CardScheme } from '../acquirer/acquirer-answers';
import { meaningOf } from '../acquirer/response-codes';
import { PAYOUT_COUNTERPARTY } from '../applepay.description';
import { holdExpiry, reversibleUntil } from '../hold-validity';
import { unknown } from './no-outcome';

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

/** A payment as it stands, told as the outcome of the hold, collection or credit that made it. */
export function outcomeOfPayment(payment: AcquirerPayment, instruction: Instruction): Outcome {
  switch (stateOf(payment, instruction)) {
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
    case 'contradictory':
      return unknown('CONTRADICTORY_ANSWER', payment.id);
    case null:
      return unknown(payment.status, payment.id);
  }
}

function stateOf(payment: AcquirerPayment, instruction: Instruction): State | 'contradictory' | null {
  const states = STATES[instruction.operation as MakingOperation];
  const state = found(states, payment.status);
  if (state === undefined) return null;
  return WAS_DONE.has(state) && contradictsItself(payment, instruction) ? 'contradictory' : state;
}

/** What of these has been done at some time. */
const WAS_DONE: ReadonlySet<State> = new Set(['done', 'undone', 'given_back']);

/** Its status says that it was done, and another field that it was not, or not how much: nothing of it is certain. */
function contradictsItself(
  { approved, responseCode, status, captured }: AcquirerPayment,
  { operation }: Instruction,
): boolean {
  const isRefused = approved === false || meaningOf(responseCode) !== null;
  const isOfUnknownSize = captured === '0' || (captured === null && status === 'Partially Captured');
  return isRefused || (operation === 'collect' && isOfUnknownSize);
}

/** Only money that was taken can be disputed. */
const MONEY_TAKEN: ReadonlySet<string> = new Set(['Captured', 'Partially Captured', 'Refunded', 'Partially Refunded']);

export function canBeDisputed({ status }: AcquirerPayment, { operation }: Instruction): boolean {
  return operation !== 'credit' && MONEY_TAKEN.has(status);
}

/** Statuses in which a payment holds or keeps none of the payer's money: a release has nothing left to do. */
export const FREE: ReadonlySet<string> = new Set(['Voided', 'Expired', 'Canceled', 'Refunded', 'Declined']);

export function processedPayment(payment: AcquirerPayment, instruction: Instruction): Processed {
  const isCredit = instruction.operation === 'credit';
  const scheme = schemeOf(instruction, payment.scheme);
  return {
    kind: 'PROCESSED',
    networkReference: payment.id,
    amount: { amount: doneOf(payment, instruction), currency: payment.currency },
    counterparty: isCredit ? PAYOUT_COUNTERPARTY : counterpartyOf(instruction, payment.scheme),
    ...deadlinesOf(payment, instruction, scheme),
    ...(isCredit ? {} : authenticationOf(payment)),
  };
}

type Processed = Extract<Outcome, { kind: 'PROCESSED' }>;

/** Of a collection what was taken, which can be less than what was approved. */
function doneOf({ amount, captured }: AcquirerPayment, { operation }: Instruction): string {
  return operation === 'collect' ? (captured ?? amount) : amount;
}

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
export function counterpartyOf(instruction: Instruction, told: CardScheme | null): string {
  return schemeOf(instruction, told) ?? 'card';
}

export function schemeOf(instruction: Instruction, told: CardScheme | null): CardScheme | null {
  const known = instruction.instrument?.scheme ?? instruction.target?.instrument?.scheme;
  return told ?? CARD_SCHEMES.find((scheme) => scheme === known) ?? null;
}
