import { markerDigitsOf, schemeOf } from '../cards/card-numbers';
import { at, integerAmountAt, objectAt, textAt, type JsonObject } from '../wire/fields';
import type { CardToken } from '../outbound/card-tokens.store';
import type { Card, NumberedCard } from './card';
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
const NETWORK_TOKEN = 'network_token';
const WALLETS = new Set(['applepay', 'googlepay', 'vts', 'mdes']);
/** base64 of 20 bytes, from Amex up to 40. */
const CRYPTOGRAM = /^[A-Za-z0-9+/]{27,54}={0,2}$/;

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
  const amount = integerAmountAt(body, 'amount');
  const currency = textAt(body, 'currency') ?? '';
  const reference = textAt(body, 'reference') ?? '';
  const card = token?.card ?? cardIn(instrumentOf(body));
  const errors = [
    ...when(amount === undefined, 'amount_invalid'),
    ...when(!CURRENCIES.has(currency), 'currency_invalid'),
    ...when(reference.length > REFERENCE_LENGTH, 'reference_invalid'),
    ...when(card === undefined, 'token_invalid'),
    ...networkTokenErrors(instrumentOf(body)),
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
  const isToken = textAt(instrument, 'type') === NETWORK_TOKEN;
  const number = textAt(instrument, isToken ? 'token' : 'number') ?? '';
  const card = cardNumbered(number);
  const expiryMonth = Number(at(instrument, 'expiry_month'));
  const expiryYear = Number(at(instrument, 'expiry_year'));
  if (card === undefined || !isMonth(expiryMonth) || !Number.isInteger(expiryYear)) return undefined;
  const eci = textAt(instrument, 'eci');
  return { ...card, expiryMonth, expiryYear, ...(eci !== undefined && { eci }) };
}

/** What a number alone tells. */
export function cardNumbered(number: string): NumberedCard | undefined {
  const scheme = schemeOf(number);
  return scheme && { scheme, number, markerDigits: markerDigitsOf(number) };
}

/** A network token proves its one use by a cryptogram and says which wallet it comes from. */
function networkTokenErrors(instrument: JsonObject): string[] {
  if (textAt(instrument, 'type') !== NETWORK_TOKEN) return [];
  const cryptogram = textAt(instrument, 'cryptogram') ?? '';
  return [
    ...when(!WALLETS.has(textAt(instrument, 'token_type') ?? ''), 'token_type_invalid'),
    ...when(!CRYPTOGRAM.test(cryptogram), cryptogram === '' ? 'cryptogram_required' : 'cryptogram_invalid'),
  ];
}

function isMonth(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 12;
}
