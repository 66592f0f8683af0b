import { createHash } from 'node:crypto';
import { TokenRefused, type TokenRefusalCode } from './token-refusal';

/** What a payer's device says about one payment, decrypted. Card data: it stays where it was decrypted. */
export interface PaymentData {
  /** The device's account number, which stands for the card. */
  number: string;
  expiry: { year: number; month: number; day: number };
  /** ISO 4217, numeric. */
  currency: string;
  /** What the payer confirmed for this merchant, in minor units. */
  amountMinor: bigint;
  /** base64; 20 bytes, from Amex up to 40. */
  cryptogram: string;
  /** One digit as the scheme gave it; null where it gave none, as Mastercard does. */
  eci: string | null;
  /** The scheme's token for payments that the payer agreed to in advance, where the request asked for one. */
  merchantToken: string | null;
}

type Json = Record<string, unknown>;

const FIELD = 'paymentData.data';
const NUMBER = /^[0-9]{12,19}$/;
const EXPIRY = /^([0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$/;
const NUMERIC_CURRENCY = /^[0-9]{3}$/;
const MINOR_UNITS = /^(0|[1-9][0-9]{0,14})$/;
const BASE64 = /^[A-Za-z0-9+/]{4,128}={0,2}$/;
const ECI = /^[0-9]{1,2}$/;
/** An authentication response names its merchant, or by SHA-256 in hexadecimal whom it is for. */
const HEX_SHA256 = /^[0-9a-f]{64}$/i;

/**
 * Reads the decrypted payment data (Apple: payment token format reference, "payment data keys").
 * @param submerchants under which names this merchant takes part in payments to several merchants at once; where there
 *   are any and the token has authentication responses, amount and cryptogram are those of our response.
 * @throws TokenRefused PAYMENT_DATA_MALFORMED, PAYMENT_DATA_TYPE_UNSUPPORTED, PIN_BLOCK_REFUSED, CRYPTOGRAM_MISSING,
 *   SUBMERCHANT_UNKNOWN
 */
export function readPaymentData(plaintext: Buffer, submerchants: readonly string[] = []): PaymentData {
  const data = parsed(plaintext);
  const detail = threeDSecureOf(data);
  const [, year, month, day] = matched(data['applicationExpirationDate'], EXPIRY);
  const eci = detail['eciIndicator'];
  return {
    number: matched(data['applicationPrimaryAccountNumber'], NUMBER)[0] ?? '',
    expiry: { year: 2000 + Number(year), month: Number(month), day: Number(day) },
    currency: matched(data['currencyCode'], NUMERIC_CURRENCY)[0] ?? '',
    eci: eci === undefined || eci === '' ? null : (matched(eci, ECI)[0] ?? null),
    merchantToken: merchantTokenOf(data),
    ...confirmedPart(data, detail, submerchants),
  };
}

/** A card without cryptogram is only a number; a PIN block means a card that is processed in another way altogether. */
function threeDSecureOf(data: Json): Json {
  const detail = objectOf(data['paymentData']);
  refuseUnless(detail['encryptedPINData'] === undefined, 'PIN_BLOCK_REFUSED');
  refuseUnless(data['paymentDataType'] === '3DSecure', 'PAYMENT_DATA_TYPE_UNSUPPORTED');
  return detail;
}

/** The amount and the cryptogram that prove it: of the whole payment, or of our part in it. */
function confirmedPart(
  data: Json,
  detail: Json,
  submerchants: readonly string[],
): Pick<PaymentData, 'amountMinor' | 'cryptogram'> {
  const responses = data['authenticationResponses'];
  if (responses === undefined || submerchants.length === 0)
    return {
      amountMinor: minorUnits(data['transactionAmount']),
      cryptogram: cryptogram(detail['onlinePaymentCryptogram']),
    };
  refuseUnless(Array.isArray(responses), 'PAYMENT_DATA_MALFORMED');
  const [ours, ...more] = responses
    .map(objectOf)
    .filter(({ merchantIdentifier }) => isOneOf(merchantIdentifier, submerchants));
  refuseUnless(ours !== undefined && more.length === 0, 'SUBMERCHANT_UNKNOWN');
  return { amountMinor: minorUnits(ours['transactionAmount']), cryptogram: cryptogram(ours['authenticationData']) };
}

function isOneOf(named: unknown, submerchants: readonly string[]): boolean {
  if (typeof named !== 'string') return false;
  const hash = HEX_SHA256.test(named) ? named.toLowerCase() : null;
  return submerchants.some((own) => own === named || sha256(own) === hash);
}

/** Present for recurring, deferred and reloading payments; its metadata (card art, last digits) is not needed to pay. */
function merchantTokenOf(data: Json): string | null {
  const token = data['merchantTokenIdentifier'];
  if (token === undefined) return null;
  refuseUnless(typeof token === 'string' && token !== '' && token.length <= 256, 'PAYMENT_DATA_MALFORMED');
  const metadata = data['merchantTokenMetadata'];
  refuseUnless(metadata === undefined || Object.keys(objectOf(metadata)).length > 0, 'PAYMENT_DATA_MALFORMED');
  return token;
}

function cryptogram(value: unknown): string {
  refuseUnless(value !== undefined && value !== '', 'CRYPTOGRAM_MISSING');
  return matched(value, BASE64)[0] ?? '';
}

/** Apple writes the whole amount as a JSON number of minor units, a submerchant's part as digits. */
function minorUnits(value: unknown): bigint {
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return BigInt(matched(digits, MINOR_UNITS)[0] ?? '0');
}

function parsed(plaintext: Buffer): Json {
  try {
    return objectOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext)));
  } catch {
    throw new TokenRefused('PAYMENT_DATA_MALFORMED', FIELD);
  }
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function matched(value: unknown, form: RegExp): RegExpExecArray {
  const found = typeof value === 'string' ? form.exec(value) : null;
  refuseUnless(found !== null, 'PAYMENT_DATA_MALFORMED');
  return found;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function refuseUnless(holds: boolean, code: TokenRefusalCode): asserts holds {
  if (!holds) throw new TokenRefused(code, FIELD);
}
