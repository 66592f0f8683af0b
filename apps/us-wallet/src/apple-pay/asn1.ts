import {
  BaseBlock,
  Constructed,
  fromBER,
  ObjectIdentifier,
  OctetString,
  Sequence,
  Set as Asn1Set,
  UTCTime,
  Utf8String,
} from 'asn1js';

/** Thrown while walking an ASN.1 tree that is not shaped as expected; callers turn it into their own refusal. */
export class Asn1Unexpected extends Error {}

const CONTEXT_CLASS = 3;

/** Parses BER, definite or indefinite lengths, and refuses bytes that are left over. */
export function parseBer(bytes: Buffer): BaseBlock {
  const { result, offset } = fromBER(bytes);
  if (offset !== bytes.length) throw new Asn1Unexpected('not one complete element');
  return result;
}

export function sequence(block: BaseBlock | undefined): BaseBlock[] {
  if (!(block instanceof Sequence)) throw new Asn1Unexpected('SEQUENCE expected');
  return block.valueBlock.value;
}

export function set(block: BaseBlock | undefined): BaseBlock[] {
  if (!(block instanceof Asn1Set)) throw new Asn1Unexpected('SET expected');
  return block.valueBlock.value;
}

/** The members of a constructed `[number]`, explicit or implicit. */
export function tagged(block: BaseBlock | undefined, number: number): BaseBlock[] {
  if (!(block instanceof Constructed) || !isTagged(block, number)) throw new Asn1Unexpected(`[${number}] expected`);
  return block.valueBlock.value;
}

export function isTagged(block: BaseBlock | undefined, number: number): boolean {
  return block?.idBlock.tagClass === CONTEXT_CLASS && block.idBlock.tagNumber === number;
}

export function oid(block: BaseBlock | undefined): string {
  if (!(block instanceof ObjectIdentifier)) throw new Asn1Unexpected('OBJECT IDENTIFIER expected');
  return block.getValue();
}

export function octets(block: BaseBlock | undefined): Buffer {
  if (!(block instanceof OctetString)) throw new Asn1Unexpected('OCTET STRING expected');
  return Buffer.from(block.getValue());
}

export function characters(block: BaseBlock | undefined): string {
  if (!(block instanceof Utf8String)) throw new Asn1Unexpected('UTF8String expected');
  return block.getValue();
}

/** UTCTime or GeneralizedTime (asn1js makes the second a kind of the first). */
export function instant(block: BaseBlock | undefined): Date {
  if (!(block instanceof UTCTime)) throw new Asn1Unexpected('time expected');
  return block.toDate();
}

/** The element's bytes as received. */
export function encoded(block: BaseBlock | undefined): Buffer {
  if (block === undefined) throw new Asn1Unexpected('element expected');
  return Buffer.from(block.valueBeforeDecodeView);
}
