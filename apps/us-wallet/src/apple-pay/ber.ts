/** Thrown where bytes are not what was expected of them; callers turn it into their own refusal. */
export class Asn1Unexpected extends Error {}

/** One element of BER as it stands in its source: identifier, length, content, and the elements that the content is made of. */
export interface BerElement {
  readonly source: Buffer;
  /** The identifier octet: class, constructed or primitive, number. */
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
  /** Empty where the element is primitive. */
  readonly members: readonly BerElement[];
}

const CONSTRUCTED = 0x20;
/** In the number's place: the number follows in octets of its own. Nothing that is read here has so high a one. */
const NUMBER_FOLLOWS = 0x1f;
const INDEFINITE = 0x80;
/** Content of four gigabytes. */
const MOST_LENGTH_OCTETS = 4;
const END_OF_CONTENTS_OCTETS = 2;
/** Twice as deep as the deepest part of a signature's certificates. */
const DEEPEST = 32;

/**
 * Reads one element of BER (X.690), of definite or indefinite length, with all that is inside, and refuses bytes that are
 * left over. OCTET STRINGs are not looked into. Every length is checked against that of the element around it, so the
 * whole is well-formed or refused.
 * @throws Asn1Unexpected
 */
export function parseBer(bytes: Buffer): BerElement {
  const element = readElement(bytes, 0, bytes.length, 0);
  expect(element.end === bytes.length, 'one complete element');
  return element;
}

export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Asn1Unexpected(`${what} expected`);
}

function readElement(source: Buffer, start: number, limit: number, depth: number): BerElement {
  expect(depth <= DEEPEST, 'less nesting');
  const tag = octet(source, start, limit);
  expect((tag & ~CONSTRUCTED) !== 0 && (tag & NUMBER_FOLLOWS) !== NUMBER_FOLLOWS, 'identifier');
  const constructed = (tag & CONSTRUCTED) !== 0;
  if (octet(source, start + 1, limit) === INDEFINITE) {
    expect(constructed, 'length of a primitive element');
    return readIndefinite(source, start, limit, depth);
  }
  const { contentStart, contentEnd } = readLength(source, start + 1, limit);
  const members = constructed ? readMembers(source, contentStart, contentEnd, depth) : [];
  return { source, tag, start, contentStart, contentEnd, end: contentEnd, members };
}

function readLength(source: Buffer, at: number, limit: number): { contentStart: number; contentEnd: number } {
  const first = octet(source, at, limit);
  let length = first;
  let contentStart = at + 1;
  if (first > INDEFINITE) {
    const octets = first - INDEFINITE;
    expect(octets <= MOST_LENGTH_OCTETS && contentStart + octets <= limit, 'length');
    length = source.readUIntBE(contentStart, octets);
    contentStart += octets;
  }
  expect(length <= limit - contentStart, 'content as long as announced');
  return { contentStart, contentEnd: contentStart + length };
}

function readMembers(source: Buffer, from: number, end: number, depth: number): BerElement[] {
  const members: BerElement[] = [];
  for (let at = from; at < end;) {
    const member = readElement(source, at, end, depth + 1);
    members.push(member);
    at = member.end;
  }
  return members;
}

/** Members until two null octets, the end of the contents. */
function readIndefinite(source: Buffer, start: number, limit: number, depth: number): BerElement {
  const contentStart = start + 2;
  const members: BerElement[] = [];
  let at = contentStart;
  while (octet(source, at, limit) !== 0) {
    const member = readElement(source, at, limit, depth + 1);
    members.push(member);
    at = member.end;
  }
  expect(octet(source, at + 1, limit) === 0, 'end of contents');
  const end = at + END_OF_CONTENTS_OCTETS;
  return { source, tag: octet(source, start, limit), start, contentStart, contentEnd: at, end, members };
}

function octet(source: Buffer, at: number, limit: number): number {
  const value = at < limit ? source[at] : undefined;
  if (value === undefined) throw new Asn1Unexpected('more bytes expected');
  return value;
}
