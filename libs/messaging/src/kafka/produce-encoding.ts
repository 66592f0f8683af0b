import type { ProduceArguments, ProduceMessage, ProducePartition } from 'kafkajs/src/protocol/requests/produce';
import { crc32c } from './crc32c';

/** Bytes of a record batch before its records, and where the parts that are written last stand. */
const BATCH_HEAD = 61;
const LENGTH_AT = 8;
const CRC_AT = 17;
const CRC_FROM = 21;
const MAGIC = 2;

interface PlainMessage {
  key: string;
  value: string;
  headers: Record<string, string>;
}

/** One record with the lengths that it was measured with. */
interface Measured {
  message: PlainMessage;
  valueBytes: number;
  bodyBytes: number;
  headers: readonly Buffer[];
}

interface MeasuredPartition {
  partition: ProducePartition;
  records: Measured[];
  batchBytes: number;
}

/** Headers are few and mostly the same: encoded once each. */
const HEADERS = new Map<string, Buffer>();
const MOST_HEADERS = 100;

/**
 * Writes a produce request (versions 3 to 7) into one buffer of its exact size. kafkajs fills a zeroed buffer per record
 * and per header and copies every record six times on its way into the request, which was its largest cost.
 * Null for what our publisher never sends (compression, transactions, timestamps, binary keys or values).
 */
export function encodeProduce(request: ProduceArguments, now: number): Buffer | null {
  const { acks, timeout, topicData } = request;
  if (request.compression || request.transactionalId != null) return null;
  const topics: { name: string; partitions: MeasuredPartition[] }[] = [];
  let size = 2 + 2 + 4 + 4;
  for (const { topic, partitions } of topicData) {
    const measured: MeasuredPartition[] = [];
    size += 2 + Buffer.byteLength(topic) + 4;
    for (const partition of partitions) {
      const one = measurePartition(partition);
      if (one === null) return null;
      measured.push(one);
      size += 8 + one.batchBytes;
    }
    topics.push({ name: topic, partitions: measured });
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeInt16BE(-1, 0);
  at = bytes.writeInt16BE(acks, at);
  at = bytes.writeInt32BE(timeout, at);
  at = bytes.writeInt32BE(topics.length, at);
  for (const { name, partitions } of topics) {
    at = bytes.writeInt16BE(Buffer.byteLength(name), at);
    at += bytes.write(name, at);
    at = bytes.writeInt32BE(partitions.length, at);
    for (const partition of partitions) at = writePartition(bytes, at, partition, request, now);
  }
  return bytes;
}

function measurePartition(partition: ProducePartition): MeasuredPartition | null {
  const records: Measured[] = [];
  let batchBytes = BATCH_HEAD;
  for (let index = 0; index < partition.messages.length; index++) {
    const message = partition.messages[index]!;
    if (!isPlain(message)) return null;
    const valueBytes = Buffer.byteLength(message.value);
    const keyBytes = Buffer.byteLength(message.key);
    const headers = Object.entries(message.headers).map(headerOf);
    const headerBytes = headers.reduce((sum, header) => sum + header.length, sizeOfVarInt(headers.length));
    const bodyBytes =
      2 + sizeOfVarInt(index) + sizeOfVarInt(keyBytes) + keyBytes + sizeOfVarInt(valueBytes) + valueBytes + headerBytes;
    batchBytes += sizeOfVarInt(bodyBytes) + bodyBytes;
    records.push({ message, valueBytes, bodyBytes, headers });
  }
  return { partition, records, batchBytes };
}

function writePartition(
  bytes: Buffer,
  start: number,
  { partition, records, batchBytes }: MeasuredPartition,
  { producerId, producerEpoch }: ProduceArguments,
  now: number,
): number {
  let at = bytes.writeInt32BE(partition.partition, start);
  at = bytes.writeInt32BE(batchBytes, at);
  const batch = at;
  const time = BigInt(now);
  at = bytes.writeBigInt64BE(0n, at);
  at = bytes.writeInt32BE(batchBytes - LENGTH_AT - 4, at);
  at = bytes.writeInt32BE(0, at);
  at = bytes.writeInt8(MAGIC, at);
  at = bytes.writeInt16BE(0, batch + CRC_FROM);
  at = bytes.writeInt32BE(records.length - 1, at);
  at = bytes.writeBigInt64BE(time, at);
  at = bytes.writeBigInt64BE(time, at);
  at = bytes.writeBigInt64BE(BigInt(producerId?.toString() ?? -1), at);
  at = bytes.writeInt16BE(producerEpoch ?? 0, at);
  at = bytes.writeInt32BE(partition.firstSequence ?? 0, at);
  at = bytes.writeInt32BE(records.length, at);
  for (let index = 0; index < records.length; index++) at = writeRecord(bytes, at, index, records[index]!);
  bytes.writeUInt32BE(crc32c(bytes, batch + CRC_FROM, at), batch + CRC_AT);
  return at;
}

/** Length, attributes, time (that of the batch), offset (its index), key, value, headers. */
function writeRecord(bytes: Buffer, start: number, index: number, record: Measured): number {
  const { message, valueBytes, bodyBytes, headers } = record;
  let at = writeVarInt(bytes, start, bodyBytes);
  bytes[at++] = 0;
  bytes[at++] = 0;
  at = writeVarInt(bytes, at, index);
  at = writeVarInt(bytes, at, Buffer.byteLength(message.key));
  at += bytes.write(message.key, at);
  at = writeVarInt(bytes, at, valueBytes);
  at += bytes.write(message.value, at);
  at = writeVarInt(bytes, at, headers.length);
  for (const header of headers) at += header.copy(bytes, at);
  return at;
}

function headerOf([name, value]: [string, string]): Buffer {
  const known = HEADERS.get(`${name}\n${value}`);
  if (known !== undefined) return known;
  const [nameBytes, valueBytes] = [Buffer.byteLength(name), Buffer.byteLength(value)];
  const header = Buffer.allocUnsafe(sizeOfVarInt(nameBytes) + nameBytes + sizeOfVarInt(valueBytes) + valueBytes);
  let at = writeVarInt(header, 0, nameBytes);
  at += header.write(name, at);
  at = writeVarInt(header, at, valueBytes);
  header.write(value, at);
  // Trace ids differ from record to record and are not worth keeping.
  if (HEADERS.size < MOST_HEADERS && name !== 'traceparent') HEADERS.set(`${name}\n${value}`, header);
  return header;
}

function isPlain(message: ProduceMessage): message is PlainMessage {
  const { key, value, headers, timestamp } = message;
  return (
    typeof key === 'string' &&
    typeof value === 'string' &&
    timestamp === undefined &&
    headers !== undefined &&
    Object.values(headers).every((header) => typeof header === 'string')
  );
}

/** Lengths are not negative: Kafka's zigzag is a doubling. */
function sizeOfVarInt(value: number): number {
  const twice = value * 2;
  if (twice < 0x80) return 1;
  if (twice < 0x4000) return 2;
  return twice < 0x200000 ? 3 : 4;
}

function writeVarInt(bytes: Buffer, start: number, value: number): number {
  let rest = value * 2;
  let at = start;
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}
