import type { RandomSource } from '@gateway/platform';

/** Card schemes of the simulated world, with how they are told on each wire. */
export type Scheme = 'visa' | 'mastercard' | 'amex';

interface SchemeFacts {
  /** Name in an Apple Pay token and at the acquirer. */
  readonly apple: string;
  readonly acquirer: string;
  /** First six digits of the simulated device account numbers. */
  readonly prefix: string;
  readonly length: number;
  readonly holdDays: number;
  readonly canBePushed: boolean;
}

/** Validity of a hold: Visa 10 days, Mastercard and Amex 7 (customer-initiated, online). Amex cannot be pushed to. */
export const SCHEMES: Readonly<Record<Scheme, SchemeFacts>> = {
  visa: { apple: 'Visa', acquirer: 'Visa', prefix: '476173', length: 16, holdDays: 10, canBePushed: true },
  mastercard: {
    apple: 'MasterCard',
    acquirer: 'Mastercard',
    prefix: '520424',
    length: 16,
    holdDays: 7,
    canBePushed: true,
  },
  amex: { apple: 'AmEx', acquirer: 'American Express', prefix: '374245', length: 15, holdDays: 7, canBePushed: false },
};

const MARKER_DIGITS = 4;

/** Makes a device account number: prefix, random digits, four marker digits, check digit. */
export function makeCardNumber(scheme: Scheme, markerDigits: string, random: RandomSource): string {
  const { prefix, length } = SCHEMES[scheme];
  const middle = length - prefix.length - MARKER_DIGITS - 1;
  const digits = [...random.bytes(middle)].map((byte) => String(byte % 10)).join('');
  const head = `${prefix}${digits}${markerDigits}`;
  return `${head}${checkDigit(head)}`;
}

/** The scheme of a number, or undefined for a number that no simulated issuer made. */
export function schemeOf(number: string): Scheme | undefined {
  if (!/^[0-9]{15,16}$/.test(number) || checkDigit(number.slice(0, -1)) !== number.slice(-1)) return undefined;
  if (/^3[47]/.test(number)) return number.length === SCHEMES.amex.length ? 'amex' : undefined;
  if (number.startsWith('4')) return 'visa';
  return /^(5[1-5]|2[2-7])/.test(number) ? 'mastercard' : undefined;
}

/** The marker digits of a simulated number; other test numbers carry none. */
export function markerDigitsOf(number: string): string {
  const scheme = schemeOf(number);
  const isOurs = scheme !== undefined && number.startsWith(SCHEMES[scheme].prefix);
  return isOurs ? number.slice(-MARKER_DIGITS - 1, -1) : '0000';
}

/** Luhn's check digit (ISO/IEC 7812-1). */
function checkDigit(head: string): string {
  let sum = 0;
  [...head].reverse().forEach((character, place) => {
    const digit = Number(character) * (place % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  });
  return String((10 - (sum % 10)) % 10);
}
