import { markerDigitsOf, schemeOf } from '../cards/card-numbers';
import { at, minorUnitsAt, objectAt, textAt, type JsonObject } from '../wire/fields';
import type { CardToken } from '../outbound/card-tokens.store';
import type { Card } from './card';
import type { CardPaymentKind } from './card-payment';

/** `POST /payments`, read. */
export interface PaymentRequest {
  readonly kind: CardPaymentKind;
  /** Minor units. */
  readonly amount: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly card: Card;
  /** The acquirer's token, absent where the card itself came. */
  readonly token?: string;
  readonly body: JsonObject;
}

const CURRENCIES = new Set(['USD', 'CNY']);
const REFERENCE_LENGTH = 80;

export function kindOf(body: JsonObject): CardPaymentKind {
  if (at(body, 'destination') !== undefined) return 'payout';
  return at(body, 'processing.aft') === true ? 'account_funding' : 'purchase';
}

/** Source of the money, or its destination. */
export function instrumentOf(body: JsonObject): JsonObject {
  return objectAt(body, kindOf(body) === 'payout' ? 'destination' : 'source');
}

/** The request, or the error codes that refuse it. */
export function readPaymentRequest(body: JsonObject, token: CardToken | undefined): PaymentRequest | string[] {
  const kind = kindOf(body);
  const amount = minorUnitsAt(body, 'amount');
  const currency = textAt(body, 'currency') ?? '';
  const reference = textAt(body, 'reference') ?? '';
  const card = token?.card ?? cardIn(instrumentOf(body));
  const errors = [
    ...when(amount === undefined, 'amount_invalid'),
    ...when(!CURRENCIES.has(currency), 'currency_invalid'),
    ...when(reference.length > REFERENCE_LENGTH, 'reference_invalid'),
    ...when(card === undefined, 'token_invalid'),
    ...(kind === 'account_funding' ? accountFundingErrors(body) : []),
  ];
  if (errors.length > 0 || amount === undefined || card === undefined) return errors;
  return { kind, amount, currency, reference, card, body, ...(token && { token: token.token }) };
}

/** Single message, and both persons named. */
function accountFundingErrors(body: JsonObject): string[] {
  const hasParties = at(body, 'sender') !== undefined && at(body, 'recipient') !== undefined;
  return [
    ...when(at(body, 'capture') === false, 'capture_invalid_for_aft'),
    ...when(!hasParties, 'sender_and_recipient_required'),
  ];
}

function when(isWrong: boolean, code: string): string[] {
  return isWrong ? [code] : [];
}

/** A card or a decrypted network token given in the request itself. */
export function cardIn(instrument: JsonObject): Card | undefined {
  const number = textAt(instrument, 'number') ?? textAt(instrument, 'token') ?? '';
  const scheme = schemeOf(number);
  const expiryMonth = Number(at(instrument, 'expiry_month'));
  const expiryYear = Number(at(instrument, 'expiry_year'));
  if (scheme === undefined || !isMonth(expiryMonth) || !Number.isInteger(expiryYear)) return undefined;
  const eci = textAt(instrument, 'eci');
  return {
    scheme,
    number,
    expiryMonth,
    expiryYear,
    markerDigits: markerDigitsOf(number),
    ...(eci !== undefined && { eci }),
  };
}

function isMonth(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 12;
}
