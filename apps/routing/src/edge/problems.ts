import { Problem } from '@gateway/platform';
import type { ProblemCode } from './problem-code';
import { REFUND_PROBLEM_CODES } from './refund-problems';

export type { ProblemCode } from './problem-code';

/**
 * Every code that the partner API answers itself. docs/partners.md lists exactly these; a test compares them. Codes of
 * the services behind an intake or a quote (`INVALID_TOKEN`, `QUOTE_UNAVAILABLE`) pass through as their owners state them.
 */
export const PROBLEM_CODES = {
  BAD_REQUEST: {
    status: 400,
    title: 'Bad request',
    detail: 'The request could not be read. Send one JSON object in UTF-8, without a byte order mark.',
  },
  DUPLICATE_FIELD: {
    status: 400,
    title: 'Field given twice',
    detail: 'A field occurs twice in one object. Send each field once.',
  },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    title: 'Idempotency-Key missing',
    detail: 'Send the header Idempotency-Key with every POST: a new key for a new request, the same key for a repeat.',
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    title: 'Idempotency-Key not valid',
    detail: 'Idempotency-Key must be one value of 1 to 255 visible ASCII characters, with or without double quotes.',
  },
  NOT_AUTHENTICATED: {
    status: 401,
    title: 'Not authenticated',
    detail: 'Send the API key as "Authorization: Bearer sk_...". The key must be known, not revoked and not expired.',
  },
  NOT_ALLOWED: {
    status: 403,
    title: 'Not allowed',
    detail: 'Your role does not include this.',
  },
  NOT_FOUND: { status: 404, title: 'Not found', detail: 'There is no such route. See GET /v1/openapi.json.' },
  PAYMENT_NOT_FOUND: { status: 404, title: 'Payment not found', detail: 'You have no payment with this id.' },
  REFUND_NOT_FOUND: { status: 404, title: 'Refund not found', detail: 'You have no refund with this id.' },
  RETURN_NOT_FOUND: { status: 404, title: 'Return not found', detail: 'You have no returned credit with this id.' },
  DISPUTE_NOT_FOUND: { status: 404, title: 'Dispute not found', detail: 'You have no dispute with this id.' },
  WEBHOOK_ENDPOINT_NOT_FOUND: {
    status: 404,
    title: 'Webhook endpoint not found',
    detail: 'You have no webhook endpoint with this id.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    title: 'First request still under way',
    detail: 'The first request with this Idempotency-Key is still being handled. Repeat it after Retry-After.',
    retryable: true,
  },
  QUOTE_ALREADY_USED: {
    status: 409,
    title: 'Quote already used',
    detail: 'A quote makes one payment. Ask for a new quote.',
  },
  INSTRUMENT_ALREADY_USED: {
    status: 409,
    title: 'Instrument already used',
    detail: 'This instrument comes from a one-time token and has made its payment. Register a new one.',
  },
  PAYMENT_NOT_CANCELABLE: {
    status: 409,
    title: 'Payment cannot be canceled any more',
    detail: 'A payment can be canceled until the credit is sent to the payee. Follow its status instead.',
  },
  RETURN_NOT_ACTIONABLE: {
    status: 409,
    title: 'Already decided',
    detail: 'This returned credit does not wait for this choice. See `actions` of the return for what is possible.',
  },
  DISPUTE_OPEN: {
    status: 409,
    title: 'Payment disputed',
    detail: 'A dispute of this payment is open: its money is with the cardholder already. Follow the dispute instead.',
  },
  DISPUTE_LOST: {
    status: 409,
    title: 'Dispute lost',
    detail: 'A dispute of this payment was lost: the cardholder has the money back and is not paid twice.',
  },
  DISPUTE_NOT_ACTIONABLE: {
    status: 409,
    title: 'Not to be answered',
    detail: 'This dispute does not wait for an answer: see its `status`, and until when in `evidence_due_by`.',
  },
  ...REFUND_PROBLEM_CODES,
  BODY_TOO_LARGE: { status: 413, title: 'Body too large', detail: 'A body may have 64 kB at most.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send "Content-Type: application/json" in UTF-8 and no Content-Encoding.',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 422,
    title: 'Idempotency-Key reused',
    detail: 'This Idempotency-Key came with another request before. Use a new key for a new request.',
  },
  FIELD_MISSING: { status: 422, title: 'Field missing', detail: 'A required field is missing.' },
  FIELD_UNKNOWN: {
    status: 422,
    title: 'Unknown field',
    detail: 'This field is not part of the request. Remove it.',
  },
  FIELD_INVALID: { status: 422, title: 'Field not valid', detail: 'A field has a value that is not accepted.' },
  INVALID_AMOUNT: {
    status: 422,
    title: 'Amount not valid',
    detail:
      'An amount is a string of digits in minor units, such as "1250" for 12.50, without point, sign or zeros in front.',
  },
  UNKNOWN_CURRENCY: {
    status: 422,
    title: 'Currency unknown',
    detail: 'A currency is an ISO 4217 code in upper case that one of the two networks uses.',
  },
  AMOUNT_OUT_OF_RANGE: {
    status: 422,
    title: 'Amount out of range',
    detail: 'The amount is outside of what this instrument can pay or be paid at once. See its capabilities.',
  },
  AMOUNT_TOO_SMALL: {
    status: 422,
    title: 'Amount too small',
    detail: 'The amount is so small that nothing would be left on the other side. Refund more at once.',
  },
  NETWORK_UNKNOWN: {
    status: 422,
    title: 'Network unknown',
    detail: 'There is no such wallet network, or source and target are the same one.',
  },
  NO_COMMON_CAPABILITY: {
    status: 422,
    title: 'Not possible with this instrument',
    detail: 'The instrument cannot do this for the purpose of the quote. Use another instrument or purpose.',
  },
  CORRIDOR_NOT_LICENSED: {
    status: 422,
    title: 'Corridor not licensed',
    detail:
      'A licence or a settlement bank that this payment needs is missing today. Use another network or instrument.',
  },
  OFFER_INVALID: {
    status: 422,
    title: 'Offer not valid',
    detail: 'This is not an offer that was signed for you. Send the field `offer` of your quote unchanged.',
  },
  QUOTE_EXPIRED: { status: 422, title: 'Quote expired', detail: 'The quote has expired. Ask for a new one.' },
  INSTRUMENT_UNKNOWN: {
    status: 422,
    title: 'Instrument unknown',
    detail: 'You have no instrument with this id. Register it with POST /v1/instruments.',
  },
  INSTRUMENT_WRONG_USE: {
    status: 422,
    title: 'Instrument of the other use',
    detail: 'The source instrument must have use "pay", the target instrument use "be_paid".',
  },
  INSTRUMENT_WRONG_NETWORK: {
    status: 422,
    title: 'Instrument of another network',
    detail: 'The instrument does not belong to the network that the quote names on this side.',
  },
  INSTRUMENT_EXPIRED: {
    status: 422,
    title: 'Instrument expired',
    detail: 'The instrument has expired. Register a new one.',
  },
  PARTY_UNKNOWN: {
    status: 422,
    title: 'Party unknown',
    detail: 'You have no party with this id in this role. Register it with POST /v1/parties.',
  },
  EVIDENCE_EMPTY: {
    status: 422,
    title: 'Evidence missing',
    detail: 'Evidence has at least one field: see the list of fields that evidence can have.',
  },
  CARD_DATA_REFUSED: {
    status: 422,
    title: 'Card data refused',
    detail: 'The text contains what reads as a card number. Send references and words only, and no card data.',
  },
  URL_REFUSED: {
    status: 422,
    title: 'URL refused',
    detail: 'A webhook URL uses https, names a public host, and has no user, password or fragment.',
  },
  TOO_MANY_ENDPOINTS: {
    status: 422,
    title: 'Too many webhook endpoints',
    detail: 'A partner has 16 webhook endpoints at most. Delete one first.',
  },
  INTERNAL_ERROR: {
    status: 500,
    title: 'Internal error',
    detail: 'The request could not be handled. Repeat it with the same Idempotency-Key.',
    retryable: true,
  },
  TEMPORARILY_UNAVAILABLE: {
    status: 503,
    title: 'Too busy',
    detail: 'More is waiting than can be handled in time. Repeat with the same Idempotency-Key after Retry-After.',
    retryable: true,
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    title: 'Temporarily unavailable',
    detail:
      'It is not certain that the request was handled. Repeat it with the same Idempotency-Key after Retry-After.',
    retryable: true,
  },
} as const satisfies Record<string, ProblemCode>;

export type ProblemCodeName = keyof typeof PROBLEM_CODES;

/** What one refusal adds to its line of the table. */
export interface Refusal {
  /** Dotted path of the field; header names as they are written. */
  param?: string;
  /** Instead of the table's text, where more can be said. Never repeats what was sent. */
  detail?: string;
  /** Seconds. */
  retryAfterS?: number;
}

/** A refusal by its code, ready to be thrown or stored. */
export function problem(code: ProblemCodeName, refusal: Refusal = {}): Problem {
  const line: ProblemCode = PROBLEM_CODES[code];
  return new Problem({
    status: line.status,
    code,
    title: line.title,
    detail: refusal.detail ?? line.detail,
    retryable: line.retryable ?? false,
    ...(refusal.param === undefined ? {} : { param: refusal.param }),
    ...(refusal.retryAfterS === undefined ? {} : { retryAfterS: refusal.retryAfterS }),
  });
}
