import { SCHEMES } from '../cards/card-numbers';
import { refundable, remaining, summaryOf, type CardAction, type CardPayment } from './card-payment';
import type { Card, NumberedCard } from './card';

/** JSON of the acquirer's API: snake_case, amounts as JSON integers of minor units. */
type View = Record<string, unknown>;

/** The answer to `POST /payments`. */
export function paymentAnswer(payment: CardPayment, actionId: string): View {
  const approvedAmount = payment.authorised > 0n ? payment.authorised : payment.requested;
  return {
    id: payment.id,
    action_id: actionId,
    amount: Number(approvedAmount),
    ...(approvedAmount !== payment.requested && { amount_requested: Number(payment.requested) }),
    currency: payment.currency,
    approved: isApproved(payment),
    status: payment.status,
    auth_code: payment.auth_code,
    ...responseOf(payment),
    ...expiryOf(payment),
    ...partyOf(payment),
    processed_on: payment.requested_at,
    reference: payment.reference,
    ...networkDataOf(payment),
    _links: linksOf(payment),
  };
}

/** The answer to `GET /payments/{id}`. */
export function paymentDetails(payment: CardPayment, actions: readonly CardAction[]): View {
  return {
    id: payment.id,
    requested_on: payment.requested_at,
    ...partyOf(payment),
    ...expiryOf(payment),
    payment_type: 'Regular',
    amount: Number(payment.authorised > 0n ? payment.authorised : payment.requested),
    amount_requested: Number(payment.requested),
    currency: payment.currency,
    approved: isApproved(payment),
    status: payment.status,
    auth_code: payment.auth_code,
    ...responseOf(payment),
    balances: balancesOf(payment),
    reference: payment.reference,
    ...networkDataOf(payment),
    actions: actions.map(({ id, type, response_code }) => ({
      id,
      type,
      response_code,
      response_summary: summaryOf(response_code),
    })),
    _links: linksOf(payment),
  };
}

export function actionView(action: CardAction): View {
  return {
    id: action.id,
    type: action.type,
    processed_on: action.processed_at,
    amount: Number(action.amount),
    approved: action.approved,
    response_code: action.response_code,
    response_summary: summaryOf(action.response_code),
    ...(action.reference !== null && { reference: action.reference }),
  };
}

/** What a card or token may be told about. */
export function cardView(card: NumberedCard & Partial<Card>): View {
  return {
    ...(card.expiryMonth !== undefined && { expiry_month: card.expiryMonth, expiry_year: card.expiryYear }),
    scheme: SCHEMES[card.scheme].acquirer,
    last4: card.number.slice(-4),
    bin: card.number.slice(0, 6),
    card_type: 'DEBIT',
    card_category: 'CONSUMER',
    issuer: 'Simulated Issuing Bank',
    issuer_country: 'US',
    product_id: 'F',
    product_type: 'CLASSIC',
  };
}

function isApproved(payment: CardPayment): boolean {
  return payment.status !== 'Declined' && payment.status !== 'Pending';
}

function responseOf(payment: CardPayment): View {
  if (payment.status === 'Pending') return {};
  return { response_code: payment.response_code, response_summary: summaryOf(payment.response_code) };
}

function expiryOf(payment: CardPayment): View {
  return payment.hold_expires_at === null ? {} : { expires_on: payment.hold_expires_at };
}

function partyOf(payment: CardPayment): View {
  const card = { type: 'card', fingerprint: `fp${payment.card.number.slice(-10)}`, ...cardView(payment.card) };
  return payment.kind === 'payout' ? { destination: card } : { source: card };
}

function balancesOf(payment: CardPayment): View {
  return {
    total_authorized: Number(payment.authorised),
    total_voided: Number(payment.voided),
    available_to_void: payment.captured === 0n ? Number(remaining(payment)) : 0,
    total_captured: Number(payment.captured),
    available_to_capture: Number(remaining(payment)),
    total_refunded: Number(payment.refunded),
    available_to_refund: Number(refundable(payment)),
    ...(payment.status === 'Returned' && { total_returned: Number(payment.returned) }),
  };
}

function networkDataOf(payment: CardPayment): View {
  return {
    scheme_id: payment.id.slice(-15).toUpperCase(),
    ...secureOf(payment),
    processing: {
      retrieval_reference_number: payment.id.slice(-12).toUpperCase(),
      aft: payment.kind === 'account_funding',
    },
  };
}

/** What a wallet's token proved: the indicator, and that a cryptogram was there (not the one that was). */
function secureOf({ id, card }: CardPayment): View {
  if (card.eci === undefined) return {};
  const eci = card.eci.padStart(2, '0');
  return { eci, '3ds': { eci, cryptogram: Buffer.from(id.slice(-15)).toString('base64') } };
}

function linksOf(payment: CardPayment): View {
  const self = `/payments/${payment.id}`;
  return {
    self: { href: self },
    actions: { href: `${self}/actions` },
    ...(remaining(payment) > 0n && { capture: { href: `${self}/captures` }, void: { href: `${self}/voids` } }),
    ...(refundable(payment) > 0n && { refund: { href: `${self}/refunds` } }),
  };
}
