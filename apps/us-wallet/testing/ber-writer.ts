/**
 * How a constructed element states its length: in as few octets as it takes (DER), in four octets whatever it is, or not
 * at all but with an end of contents. All are BER (X.690, 8.1.3).
 */
export type LengthForm = 'shortest' | 'four octets' | 'indefinite';

const INDEFINITE = 0x80;
const FOUR_OCTETS = 0x84;
const END_OF_CONTENTS = Buffer.alloc(2);

/** One element around what is given; a primitive one is never of indefinite length. */
export function element(tag: number, form: LengthForm, ...content: Buffer[]): Buffer {
  const inside = Buffer.concat(content);
  if (form === 'indefinite' && (tag & 0x20) !== 0)
    return Buffer.concat([Buffer.from([tag, INDEFINITE]), inside, END_OF_CONTENTS]);
  return Buffer.concat([Buffer.from([tag]), form === 'four octets' ? fourOctets(inside) : shortest(inside), inside]);
}

/** DER. */
export function der(tag: number, ...content: Buffer[]): Buffer {
  return element(tag, 'shortest', ...content);
}

function fourOctets({ length }: Buffer): Buffer {
  const octets = Buffer.alloc(5, FOUR_OCTETS);
  octets.writeUInt32BE(length, 1);
  return octets;
}

function shortest({ length }: Buffer): Buffer {
  if (length < INDEFINITE) return Buffer.from([length]);
  const digits = length.toString(16);
  const octets = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([INDEFINITE | octets.length]), octets]);
}
