import { makeChain, makeToken, ours, theirs } from '../../testing';
import { publishedTokens } from '../../testing/published-tokens';
import { encoded, sequence } from './asn1';
import { Asn1Unexpected, parseBer } from './ber';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('BER', () => {
  it('elements of indefinite length have the members of those of definite length', () => {
    const tags = (hex: string): number[] => sequence(parseBer(bytes(hex))).map(({ tag }) => tag);
    expect(tags('30 08 0201 01 a003 040100')).toEqual([0x02, 0xa0]);
    expect(tags('30 80 0201 01 a080 040100 0000 0000')).toEqual([0x02, 0xa0]);
    expect(tags('30 8400000003 020101')).toEqual([0x02]);
  });

  it('an element is handed on with the bytes it came in', () => {
    const [first, second] = sequence(parseBer(bytes('30 80 3080 020101 0000 040100 0000')));
    expect(encoded(first)).toEqual(bytes('3080 020101 0000'));
    expect(encoded(second)).toEqual(bytes('040100'));
  });

  it.each([
    ['nothing', ''],
    ['an identifier alone', '30'],
    ['bytes behind the element', '020101 00'],
    ['a length beyond the end', '04 02 00'],
    ['a member that is longer than what it is in', '30 03 0402 00 00'],
    ['a length of which octets are missing', '04 82 01'],
    ['a length of five octets', '04 8500000000 01 00'],
    ['a length of 127 octets', '04 ff 01 00'],
    ['a primitive element of indefinite length', '04 80 01 0000'],
    ['an indefinite length without an end', '30 80 020101'],
    ['half an end of contents', '30 80 020101 00'],
    ['an end of contents with a length', '30 80 020101 0001 00'],
    ['an end of contents inside a definite length', '30 05 020101 0000'],
    ['an identifier of several octets', '3f 81 01 00'],
    ['the identifier of an end of contents', '30 02 2000'],
    ['an indefinite length that ends outside of what it is in', '30 05 3080 020101 0000'],
  ])('%s is refused', (_, hex) => {
    expect(() => parseBer(bytes(hex))).toThrow(Asn1Unexpected);
  });

  it('nesting is followed only so far, however it is written', () => {
    const nested = (depth: number): Buffer =>
      Buffer.concat([Buffer.alloc(2 * depth, bytes('3080')), bytes('020101'), Buffer.alloc(2 * depth)]);
    expect(encoded(parseBer(nested(32)))).toHaveLength(131);
    expect(() => parseBer(nested(33))).toThrow(Asn1Unexpected);
    expect(() => parseBer(Buffer.alloc(1_000_000, bytes('3080')))).toThrow(Asn1Unexpected);
  });
});

const SIGNATURES: [name: string, signature: () => Promise<Buffer>][] = [
  ['a token of our own', ownSignature],
  ...publishedTokens.tokens.map(({ name, token }): (typeof SIGNATURES)[number] => [
    name,
    () => Promise.resolve(Buffer.from(String(token.paymentData['signature']), 'base64')),
  ]),
];
/** Prime to what the structure repeats; the other reader is slow. */
const EVERY = 41;

/** Two parties that read one signature differently are how a check is passed by. asn1js stands for the other party. */
describe('read by another reader', () => {
  it.each(SIGNATURES)(
    'the signature of %s is the same tree, and with any byte altered never another one',
    async (_, make) => {
      const signature = await make();
      expect(ours(signature)).toBe(theirs(signature));
      const readDifferently: string[] = [];
      for (let at = 0; at < signature.length; at += EVERY)
        for (const bit of [0x01, 0x20, 0x80]) {
          const altered = Buffer.from(signature);
          altered[at] = (altered[at] ?? 0) ^ bit;
          const [one, other] = [ours(altered), theirs(altered)];
          if (one !== null && other !== null && one !== other) readDifferently.push(`${at} ^ ${bit}`);
        }
      expect(readDifferently).toEqual([]);
    },
    120_000,
  );
});

async function ownSignature(): Promise<Buffer> {
  const chain = await makeChain();
  const token = await makeToken({ chain, signingTime: new Date('2026-11-25T10:00:00Z'), publicKeyHash: '' });
  return Buffer.from(token.paymentData.signature, 'base64');
}
