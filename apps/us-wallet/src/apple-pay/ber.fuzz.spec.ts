import fc from 'fast-check';
import { element, ours, theirs, type LengthForm } from '../../testing';
import { Asn1Unexpected, parseBer, type BerElement } from './ber';

/** The same runs everywhere: what fails here fails on every machine. */
const SEED = { seed: 20_261_128 };

/** A tree to be written: content where it is primitive, members where it is constructed, lengths as it likes. */
interface Wish {
  tag: number;
  form: LengthForm;
  content: Uint8Array;
  members: readonly Wish[];
}

const PRIMITIVE = [0x04, 0x80, 0x83, 0x9e];
const CONSTRUCTED = [0x30, 0x31, 0xa0, 0xa1, 0xbe];

const forms = fc.constantFrom<LengthForm>('shortest', 'four octets', 'indefinite');
const { wish } = fc.letrec<{ wish: Wish }>((tie) => ({
  wish: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    fc.record({
      tag: fc.constantFrom(...PRIMITIVE),
      form: forms,
      content: fc.uint8Array({ maxLength: 200 }),
      members: fc.constant<readonly Wish[]>([]),
    }),
    fc.record({
      tag: fc.constantFrom(...CONSTRUCTED),
      form: forms,
      content: fc.constant(new Uint8Array()),
      members: fc.array(tie('wish'), { maxLength: 5 }),
    }),
  ),
}));

function written({ tag, form, content, members }: Wish): Buffer {
  return element(tag, form, Buffer.from(content), ...members.map(written));
}

describe('BER of any make', () => {
  it('is read as it was written, and as another reader reads it', () => {
    fc.assert(
      fc.property(wish, (one) => {
        const bytes = written(one);
        expect(shapeOf(parseBer(bytes))).toEqual(wishedShape(one));
        expect(ours(bytes)).toBe(theirs(bytes));
      }),
      { ...SEED, numRuns: 400 },
    );
  });

  it('that is cut off anywhere, or has anything behind it, is refused', () => {
    fc.assert(
      fc.property(wish, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }), (one, cut, more) => {
        const bytes = written(one);
        expect(ours(bytes.subarray(0, cut % bytes.length))).toBeNull();
        expect(ours(Buffer.concat([bytes, more]))).toBeNull();
      }),
      { ...SEED, numRuns: 400 },
    );
  });

  it('that is altered, or no BER at all, is never another tree to another reader', () => {
    const change = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) });
    const altered = fc.tuple(wish, fc.array(change, { minLength: 1, maxLength: 4 })).map(([one, changes]) => {
      const bytes = written(one);
      for (const { at, value } of changes) bytes[at % bytes.length] = value;
      return bytes;
    });
    const noise = fc
      .array(fc.oneof(fc.constantFrom(0x00, 0x30, 0x80, 0x81, 0x84, 0x04, 0xff), fc.nat({ max: 255 })), {
        maxLength: 40,
      })
      .map((octets) => Buffer.from(octets));
    fc.assert(
      fc.property(fc.oneof(altered, noise), (bytes) => {
        const [one, other] = [ours(bytes), theirs(bytes)];
        if (one !== null && other !== null) expect(one).toBe(other);
      }),
      { ...SEED, numRuns: 3_000 },
    );
  });

  it('is refused by no other error than its own, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        try {
          parseBer(Buffer.from(octets));
        } catch (error) {
          expect(error).toBeInstanceOf(Asn1Unexpected);
        }
      }),
      { ...SEED, numRuns: 3_000 },
    );
  });
});

/** Were any of these looked at more than once a level, they would not end within the time that a test has. */
describe('bombs', () => {
  const COUNT = 300_000;

  it('of many small elements are read once each', () => {
    const many = element(0x30, 'four octets', Buffer.alloc(2 * COUNT, Buffer.from('0400', 'hex')));
    expect(parseBer(many).members).toHaveLength(COUNT);
  });

  it('of many small elements that end nowhere are refused', () => {
    const endless = Buffer.concat([Buffer.from('3080', 'hex'), Buffer.alloc(2 * COUNT, Buffer.from('0400', 'hex'))]);
    expect(() => parseBer(endless)).toThrow(Asn1Unexpected);
  });

  it('of many elements as deep as is read, each again with many, are read once each', () => {
    const leaves = Buffer.alloc(2 * 1_000, Buffer.from('0400', 'hex'));
    const deep = Array.from({ length: 28 }).reduce<Buffer>((inner) => element(0x30, 'indefinite', inner), leaves);
    const all = element(0x30, 'four octets', ...Array.from({ length: 100 }, () => deep));
    expect(parseBer(all).members).toHaveLength(100);
  });

  it.each([
    ['four gigabytes announced', '3084ffffffff'],
    ['four gigabytes announced inside of what has no length', '308004 84ffffffff 00'],
    ['a length whose sum with its place is beyond what a number of 32 bits holds', '04847fffffff00'],
    ['a length of 126 octets', `04fe${'01'.repeat(126)}00`],
  ])('of %s allocate nothing and are refused', (_, hex) => {
    expect(() => parseBer(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toThrow(Asn1Unexpected);
  });
});

type Shape = string | readonly [tag: number, readonly Shape[]];

function shapeOf({ tag, members, source, contentStart, contentEnd }: BerElement): Shape {
  if ((tag & 0x20) !== 0) return [tag, members.map(shapeOf)];
  return `${tag} ${source.subarray(contentStart, contentEnd).toString('hex')}`;
}

function wishedShape({ tag, content, members }: Wish): Shape {
  return (tag & 0x20) !== 0 ? [tag, members.map(wishedShape)] : `${tag} ${Buffer.from(content).toString('hex')}`;
}
