import type { Contract } from '@gateway/contracts/contract';
import type { InboundRecord, OutboundRecord } from '../message';

/** A finished record: what Kafka gets, byte for byte, now and at every repeat. */
export interface WireRecord {
  key: string;
  partition: number;
  traceparent: string | null;
  value: string;
}

export const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';
/** A record's largest size (design S1). */
export const MAX_RECORD_BYTES = 65_536;
/** Keys are ids; anything else would break the outbox's line format. */
const KEY = /^[\x21-\x7e]{1,200}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Thrown for an outgoing record that breaks its contract: a bug in the handler, never the database's fault. */
export class RecordRefused extends Error {}

/**
 * Writes a record as a CloudEvent in structured mode. `sequence` and `incarnation` are extension attributes, strings of
 * digits as the CloudEvents sequence extension wants them.
 * @throws RecordRefused
 */
export function encodeRecord(record: OutboundRecord, id: string, time: string): WireRecord {
  const { contract, data, partition } = record;
  const problem = contract.problemOf(data);
  if (problem !== null) throw new RecordRefused(`${contract.topic}: ${problem}`);
  const key = contract.keyOf(data);
  if (!KEY.test(key)) throw new RecordRefused(`${contract.topic}: the key is not an id`);
  if (!Number.isInteger(partition) || partition < 0 || partition >= contract.partitions)
    throw new RecordRefused(`${contract.topic}: there is no partition ${partition}`);
  const value =
    `{"specversion":"1.0","id":"${id}","source":"/services/${contract.writer}","type":"${contract.topic}",` +
    `"subject":${JSON.stringify(key)},"time":"${time}","datacontenttype":"application/json"` +
    `${positionAttributes(record)},"data":${JSON.stringify(data)}}`;
  if (value.length * 3 > MAX_RECORD_BYTES && Buffer.byteLength(value) > MAX_RECORD_BYTES)
    throw new RecordRefused(`${contract.topic}: a record of ${Buffer.byteLength(value)} bytes is over 64 kB`);
  return { key, partition, traceparent: record.traceparent ?? null, value };
}

/** Histories carry their place; a payload that has the fields itself need not repeat them beside it. */
function positionAttributes(record: OutboundRecord): string {
  if (record.contract.kind !== 'history') return '';
  const data = record.data as { sequence?: unknown; incarnation?: unknown };
  const sequence = record.sequence ?? data.sequence;
  const incarnation = record.incarnation ?? data.incarnation ?? 0;
  if (!Number.isInteger(sequence) || !Number.isInteger(incarnation))
    throw new RecordRefused(`${record.contract.topic}: a history record needs its sequence`);
  return `,"sequence":"${sequence as number}","incarnation":"${incarnation as number}"`;
}

/** A record as Kafka or `parked` holds it. */
export interface StoredRecord {
  key: Buffer | null;
  value: Buffer | null;
  traceparent: string | null;
}

interface Envelope {
  specversion?: unknown;
  id?: unknown;
  type?: unknown;
  time?: unknown;
  sequence?: unknown;
  incarnation?: unknown;
  data?: unknown;
}

/** Reads a record; a string instead of a record says why it cannot be read (dead letter, design S5). */
export function decodeRecord(
  contract: Contract,
  stored: StoredRecord,
  partition: number,
  offset: string | null,
): InboundRecord | string {
  const envelope = envelopeOf(stored);
  if (typeof envelope === 'string') return envelope;
  const problem = problemOf(envelope, contract);
  if (problem !== null) return problem;
  const key = contract.keyOf(envelope.data);
  if (stored.key?.toString('latin1') !== key) return 'the key is not that of the payload';
  const record: InboundRecord = {
    contract,
    key,
    partition,
    offset,
    id: envelope.id as string,
    time: envelope.time as string,
    data: envelope.data,
  };
  if (contract.kind === 'history') {
    record.sequence = Number(envelope.sequence);
    record.incarnation = Number(envelope.incarnation ?? 0);
  }
  if (stored.traceparent !== null && TRACEPARENT.test(stored.traceparent)) record.traceparent = stored.traceparent;
  return record;
}

/** The envelope, or why there is none. */
function envelopeOf({ key, value }: StoredRecord): Envelope | string {
  if (key === null || key.length === 0) return 'no key';
  if (value === null) return 'no value';
  if (value.length > MAX_RECORD_BYTES) return `${value.length} bytes are over 64 kB`;
  return parse(value) ?? 'not a JSON object';
}

function parse(value: Buffer): Envelope | null {
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function problemOf(envelope: Envelope, contract: Contract): string | null {
  if (envelope.specversion !== '1.0') return 'not a CloudEvent 1.0';
  if (envelope.type !== contract.topic) return `type is not ${contract.topic}`;
  if (typeof envelope.id !== 'string' || typeof envelope.time !== 'string') return 'id or time is missing';
  if (contract.kind === 'history' && !(isPlace(envelope.sequence, 1) && isPlace(envelope.incarnation ?? '0', 0)))
    return 'a history record needs its sequence';
  return contract.problemOf(envelope.data);
}

function isPlace(value: unknown, minimum: number): boolean {
  return typeof value === 'string' && /^[0-9]{1,15}$/.test(value) && Number(value) >= minimum;
}
