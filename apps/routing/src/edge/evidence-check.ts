import { EVIDENCE_FIELDS, type DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import { problem } from './problems';

/** Digits, also in groups, however they are kept apart. */
const GROUPS = /\d+(?:[\s\p{Pd}\u2212./_]{1,2}\d+)*/gu;
/** No card's number is shorter, or longer. */
const SHORTEST = 13;
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
  return [...inPlainDigits(text).matchAll(GROUPS)].some(([found]) =>
    numbersIn(found.match(/\d+/g) ?? []).some(hasCheckDigit),
  );
}

/** The digits of every script as 0 to 9: a card's number is one in whatever letters it is written. */
function inPlainDigits(text: string): string {
  return text.normalize('NFKC').replace(/\p{Nd}/gu, (digit) => String(valueOf(digit.codePointAt(0)!)));
}

/** Unicode has the ten digits of a script in a row. */
function valueOf(codePoint: number): number {
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(codePoint - value - 1))) value += 1;
  return value % 10;
}

/** What can be read as one number: groups that follow each other, and parts of a group that is too long to be one. */
function numbersIn(groups: readonly string[]): string[] {
  return groups.flatMap((group, first) => (group.length > LONGEST ? partsOf(group) : joinedFrom(groups.slice(first))));
}

function joinedFrom(groups: readonly string[]): string[] {
  const numbers: string[] = [];
  let digits = '';
  for (const group of groups) {
    digits += group;
    if (digits.length > LONGEST) break;
    if (digits.length >= SHORTEST) numbers.push(digits);
  }
  return numbers;
}

function partsOf(digits: string): string[] {
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
