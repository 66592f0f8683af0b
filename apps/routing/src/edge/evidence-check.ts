import { EVIDENCE_FIELDS, type DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import { problem } from './problems';

/** What could be a card number: 13 digits or more, also in groups. */
const DIGITS = /(?:\d[ -]?){12,}\d/g;
/** No card's number is longer. */
const LONGEST = 19;
/** What the three schemes' numbers have. */
const USUAL = [15, 16];

/**
 * Evidence that may go to a network: at least one text, and none with card data in it.
 *
 * @throws Problem that names the field
 */
export function checkEvidence(body: DisputeEvidence): DisputeEvidence {
  const given = EVIDENCE_FIELDS.filter((field) => body[field] !== undefined);
  if (given.length === 0) throw problem('EVIDENCE_EMPTY', { param: 'body' });
  for (const field of given) {
    if (holdsCardNumber(body[field] ?? '')) throw problem('CARD_DATA_REFUSED', { param: field });
  }
  return Object.fromEntries(given.map((field) => [field, body[field]]));
}

/** Only what passes the check digit of card numbers: other long numbers are references. */
export function holdsCardNumber(text: string): boolean {
  return [...text.matchAll(DIGITS)].some(([found]) => numbersIn(found.replace(/[ -]/g, '')).some(hasCheckDigit));
}

/** A run that is too long to be a card's number can have one anywhere in it. */
function numbersIn(digits: string): string[] {
  if (digits.length <= LONGEST) return [digits];
  return USUAL.flatMap((length) =>
    Array.from({ length: digits.length - length + 1 }, (_, start) => digits.slice(start, start + length)),
  );
}

/** Luhn, ISO/IEC 7812-1 annex B; issuers' numbers begin with 2 to 6. */
function hasCheckDigit(digits: string): boolean {
  if (!/^[2-6]/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, position) => {
    const value = Number(digit) * (position % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
