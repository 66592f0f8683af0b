import { Asn1Unexpected, expect, type BerElement } from './ber';

const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const CONSTRUCTED_OCTET_STRING = 0x24;
const SEQUENCE = 0x30;
const SET = 0x31;
const CONTEXT = 0x80;
const CONSTRUCTED = 0x20;

export function sequence(element: BerElement | undefined): readonly BerElement[] {
  return ofTag(element, SEQUENCE, 'SEQUENCE').members;
}

export function set(element: BerElement | undefined): readonly BerElement[] {
  return ofTag(element, SET, 'SET').members;
}

/** The members of a constructed `[number]`, explicit or implicit. */
export function tagged(element: BerElement | undefined, number: number): readonly BerElement[] {
  return ofTag(element, CONTEXT | CONSTRUCTED | number, `[${number}]`).members;
}

export function isTagged(element: BerElement | undefined, number: number): boolean {
  return element !== undefined && (element.tag & ~CONSTRUCTED) === (CONTEXT | number);
}

/** In dotted notation; each arc in its shortest form (X.690, 8.19). */
export function oid(element: BerElement | undefined): string {
  const content = contentOf(ofTag(element, OBJECT_IDENTIFIER, 'OBJECT IDENTIFIER'));
  const arcs: number[] = [];
  let arc = 0;
  let begins = true;
  for (const octet of content) {
    expect(!begins || octet !== 0x80, 'shortest form of an arc');
    arc = arc * 128 + (octet & 0x7f);
    expect(Number.isSafeInteger(arc), 'smaller arc');
    begins = octet < 0x80;
    if (!begins) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first, ...rest] = arcs;
  if (first === undefined || !begins) throw new Asn1Unexpected('whole OBJECT IDENTIFIER expected');
  // The first two arcs are one number: the roots 0 and 1 have fewer than forty children, the root 2 any number.
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

/** Of one piece, or of several where BER was streamed. */
export function octets(element: BerElement | undefined): Buffer {
  if (element?.tag === CONSTRUCTED_OCTET_STRING) return Buffer.concat(element.members.map(octets));
  return contentOf(ofTag(element, OCTET_STRING, 'OCTET STRING'));
}

export function characters(element: BerElement | undefined): string {
  return contentOf(ofTag(element, UTF8_STRING, 'UTF8String')).toString('utf8');
}

/** UTCTime or GeneralizedTime, in UTC, with seconds and no fraction of one (RFC 5652, 11.3). */
export function instant(element: BerElement | undefined): Date {
  const isUtcTime = element?.tag === UTC_TIME;
  const text = contentOf(ofTag(element, isUtcTime ? UTC_TIME : GENERALIZED_TIME, 'time')).toString('latin1');
  const full = isUtcTime ? centuryOf(text) + text : text;
  const [, year, month, day, hours, minutes, seconds] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? [];
  const iso = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.000Z`;
  const time = new Date(iso);
  // A day that no month has would be read as one of the next.
  expect(!Number.isNaN(time.getTime()) && time.toISOString() === iso, 'time');
  return time;
}

/** The element's bytes as received: a view of them, not a copy. */
export function encoded(element: BerElement | undefined): Buffer {
  if (element === undefined) throw new Asn1Unexpected('element expected');
  return element.source.subarray(element.start, element.end);
}

/** Years of two digits lie between 1950 and 2049. */
function centuryOf(text: string): string {
  return text >= '50' ? '19' : '20';
}

function contentOf(element: BerElement): Buffer {
  return element.source.subarray(element.contentStart, element.contentEnd);
}

function ofTag(element: BerElement | undefined, tag: number, name: string): BerElement {
  if (element?.tag !== tag) throw new Asn1Unexpected(`${name} expected`);
  return element;
}
