import { ObjectIdentifier } from 'asn1js';
import { characters, instant, isTagged, octets, oid, sequence, set, tagged } from './asn1';
import { Asn1Unexpected, parseBer } from './ber';

const element = (tag: number, content: string | Buffer): ReturnType<typeof parseBer> =>
  parseBer(Buffer.concat([Buffer.from([tag, content.length]), Buffer.from(content)]));
const hex = (text: string): ReturnType<typeof parseBer> => parseBer(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('object identifiers', () => {
  it.each([
    '1.2.840.113549.1.7.2',
    '2.16.840.1.101.3.4.2.1',
    '1.2.840.113635.100.6.2.14',
    '0.9.2342',
    '2.999.3',
    '1.0',
  ])('%s is read as another writer writes it', (value) =>
    expect(oid(parseBer(Buffer.from(new ObjectIdentifier({ value }).toBER())))).toBe(value),
  );

  it.each([
    ['empty', '0600'],
    ['cut off inside an arc', '06022a86'],
    ['of an arc not in its shortest form', '06032a8001'],
    ['of an arc beyond counting', '060a2affffffffffffffff7f'],
    ['of another type', '04012a'],
  ])('one that is %s is refused', (_, text) => expect(() => oid(hex(text))).toThrow(Asn1Unexpected));
});

describe('times', () => {
  it.each([
    [0x17, '261125100000Z', '2026-11-25T10:00:00.000Z'],
    [0x17, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [0x18, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    [0x18, '20280229120000Z', '2028-02-29T12:00:00.000Z'],
  ])('%i %s is %s', (tag, text, expected) => expect(instant(element(tag, text)).toISOString()).toBe(expected));

  it.each([
    [0x17, '2611251000Z'],
    [0x17, '261125100000'],
    [0x17, '261125100000+0100'],
    [0x17, '260230100000Z'],
    [0x17, '261125250000Z'],
    [0x17, '20261125100000Z'],
    [0x18, '261125100000Z'],
    [0x18, '20261125100000.5Z'],
    [0x18, '2026-11-25T10:00:00.000Z'],
    [0x0c, '261125100000Z'],
  ])('%i %s is refused', (tag, text) => expect(() => instant(element(tag, text))).toThrow(Asn1Unexpected));
});

describe('strings', () => {
  it('octets come in one piece or in several', () => {
    expect(octets(hex('0403 010203'))).toEqual(Buffer.from([1, 2, 3]));
    expect(octets(hex('2480 040101 2404 04020203 0000'))).toEqual(Buffer.from([1, 2, 3]));
    expect(() => octets(hex('2403 020101'))).toThrow(Asn1Unexpected);
    expect(() => octets(hex('020101'))).toThrow(Asn1Unexpected);
  });

  it('characters are UTF-8', () => {
    expect(characters(element(0x0c, Buffer.from('é')))).toBe('é');
    expect(() => characters(element(0x13, 'e'))).toThrow(Asn1Unexpected);
  });
});

describe('constructed elements', () => {
  it('are opened only as what they are', () => {
    expect(sequence(hex('3003 020101'))).toHaveLength(1);
    expect(set(hex('3103 020101'))).toHaveLength(1);
    expect(tagged(hex('a103 020101'), 1)).toHaveLength(1);
    for (const open of [
      () => sequence(hex('3103 020101')),
      () => set(hex('3003 020101')),
      () => tagged(hex('a003 020101'), 1),
      () => tagged(hex('8103 020101'), 1),
      () => tagged(hex('6103 020101'), 1),
      () => sequence(undefined),
    ])
      expect(open).toThrow(Asn1Unexpected);
  });

  it('carry their number whether constructed or primitive', () => {
    expect([hex('a100'), hex('8100'), hex('a000'), hex('6100'), undefined].map((one) => isTagged(one, 1))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
