import { allOrNone, instant, minorUnits, objectOf, text } from './read-fields';

/** A payment or payout as the acquirer tells it. Amounts are digits of minor units. */
export interface AcquirerPayment {
  id: string;
  status: string;
  approved: boolean | null;
  amount: string;
  currency: string;
  responseCode: string | null;
  reference: string | null;
  scheme: CardScheme | null;
  /** Electronic commerce indicator of the answer, two digits: a network may have downgraded the one that was sent. */
  eci: string | null;
  /** Whether the answer names a cryptogram; its value is not read. */
  hasCryptogram: boolean;
  /** When the issuer decided, or when it was asked. */
  decidedAt: Date | null;
  /** Until when a hold can be captured, by the acquirer's word. */
  expiresAt: Date | null;
  /** How much was taken so far; null where the answer does not say. */
  captured: string | null;
  /** Of a payout: how much of it came back; null where the answer does not say. */
  returned: string | null;
}

/** One thing that happened to a payment: a capture, void or refund with our reference. */
export interface AcquirerAction {
  id: string;
  type: string;
  amount: string;
  approved: boolean;
  responseCode: string | null;
  reference: string | null;
}

/** What a wallet token was exchanged for. */
export interface AcquirerToken {
  token: string;
  scheme: CardScheme | null;
  last4: string;
  issuerCountry: string | null;
  expiresAt: Date | null;
}

/** Which payouts a card takes: `fast_funds`, `standard`, `not_supported` or `unknown`. */
export interface PayoutSupport {
  domestic_money_transfer: string;
  domestic_non_money_transfer: string;
}

/** What the acquirer knows of a card by its number. */
export interface CardFacts {
  scheme: CardScheme | null;
  issuerCountry: string | null;
  payouts: PayoutSupport;
}

export const CARD_SCHEMES = ['visa', 'mastercard', 'amex'] as const;
export type CardScheme = (typeof CARD_SCHEMES)[number];

/** The acquirer's names of the schemes that we take. */
const SCHEME_NAMES: Readonly<Record<string, CardScheme>> = {
  visa: 'visa',
  mastercard: 'mastercard',
  'american express': 'amex',
  amex: 'amex',
};

export function readPayment(value: unknown): AcquirerPayment | null {
  const payment = objectOf(value);
  const [id, status, currency] = [text(payment['id']), text(payment['status']), text(payment['currency'])];
  const amount = minorUnits(payment['amount']);
  if (id === null || status === null || currency === null || amount === null) return null;
  const party = objectOf(payment['source'] ?? payment['destination']);
  const secure = objectOf(payment['3ds']);
  const balances = objectOf(payment['balances']);
  return {
    id,
    status,
    approved: typeof payment['approved'] === 'boolean' ? payment['approved'] : null,
    amount,
    currency,
    responseCode: text(payment['response_code']),
    reference: text(payment['reference']),
    scheme: schemeOf(party['scheme']),
    eci: indicator(payment['eci'] ?? secure['eci']),
    hasCryptogram: text(secure['cryptogram']) !== null,
    decidedAt: instant(payment['processed_on']) ?? instant(payment['requested_on']),
    expiresAt: instant(payment['expires_on']),
    captured: minorUnits(balances['total_captured']),
    returned: minorUnits(balances['total_returned']),
  };
}

/** The answer to a payout: the acquirer may leave out the amount while it is pending. */
export function readPayout(sent: { amount: string; currency: string }) {
  return (value: unknown): AcquirerPayment | null => readPayment({ ...sent, ...objectOf(value) });
}

export function readPaymentList(value: unknown): AcquirerPayment[] | null {
  const data = objectOf(value)['data'];
  if (!Array.isArray(data)) return null;
  return allOrNone(data.map(readPayment));
}

export function readActions(value: unknown): AcquirerAction[] | null {
  return Array.isArray(value) ? allOrNone(value.map(readAction)) : null;
}

/** The answer to a capture, void, refund or reversal: taken for processing. What came of it is among the actions. */
export function readAccepted(value: unknown): { actionId: string } | null {
  const actionId = text(objectOf(value)['action_id']);
  return actionId === null ? null : { actionId };
}

export function readToken(value: unknown): AcquirerToken | null {
  const answer = objectOf(value);
  const [token, last4] = [text(answer['token']), text(answer['last4'])];
  if (token === null || last4 === null || !/^[0-9]{4}$/.test(last4)) return null;
  return {
    token,
    scheme: schemeOf(answer['scheme']),
    last4,
    issuerCountry: text(answer['issuer_country']),
    expiresAt: instant(answer['expires_on']),
  };
}

export function readPayoutSupport(value: unknown): PayoutSupport | null {
  const metadata = objectOf(value);
  if (text(metadata['scheme']) === null) return null;
  const support = objectOf(metadata['card_payouts']);
  return {
    domestic_money_transfer: text(support['domestic_money_transfer']) ?? 'unknown',
    domestic_non_money_transfer: text(support['domestic_non_money_transfer']) ?? 'unknown',
  };
}

export function readCardFacts(value: unknown): CardFacts | null {
  const payouts = readPayoutSupport(value);
  if (payouts === null) return null;
  const metadata = objectOf(value);
  return { scheme: schemeOf(metadata['scheme']), issuerCountry: text(metadata['issuer_country']), payouts };
}

function readAction(value: unknown): AcquirerAction | null {
  const action = objectOf(value);
  const [id, type, amount] = [text(action['id']), text(action['type']), minorUnits(action['amount'])];
  if (id === null || type === null || amount === null || typeof action['approved'] !== 'boolean') return null;
  return {
    id,
    type,
    amount,
    approved: action['approved'],
    responseCode: text(action['response_code']),
    reference: text(action['reference']),
  };
}

function indicator(value: unknown): string | null {
  const digits = text(value);
  return digits !== null && /^[0-9]{1,2}$/.test(digits) ? digits.padStart(2, '0') : null;
}

function schemeOf(name: unknown): CardScheme | null {
  const known = (text(name) ?? '').toLowerCase();
  return Object.hasOwn(SCHEME_NAMES, known) ? (SCHEME_NAMES[known] ?? null) : null;
}
