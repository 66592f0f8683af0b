/** The reversed Castagnoli polynomial, which Kafka's record batches are checked with. */
const POLYNOMIAL = 0x82f63b78;
const BYTE = 256;
const WORDS = 8;

/** TABLES[n] is the checksum of a byte followed by n zero bytes, so that eight bytes are taken in one step. */
const TABLES: readonly Int32Array[] = tables();

/** CRC-32C of `bytes` from `start` to `end`, unsigned. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as unknown as Int32Array[] & { length: 8 };
  let crc = -1;
  let at = start;
  for (; at + WORDS <= end; at += WORDS) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      t7![crc & 255]! ^
      t6![(crc >>> 8) & 255]! ^
      t5![(crc >>> 16) & 255]! ^
      t4![crc >>> 24]! ^
      t3![bytes[at + 4]!]! ^
      t2![bytes[at + 5]!]! ^
      t1![bytes[at + 6]!]! ^
      t0![bytes[at + 7]!]!;
  }
  for (; at < end; at++) crc = t0![(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

function tables(): Int32Array[] {
  const first = Int32Array.from({ length: BYTE }, (_unused, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
  const made = [first];
  while (made.length < WORDS) made.push(made.at(-1)!.map((crc) => (crc >>> 8) ^ first[crc & 255]!));
  return made;
}
