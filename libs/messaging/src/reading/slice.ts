import type { KafkaMessage } from 'kafkajs';
import { decodeRecord, type StoredRecord } from '../envelope/cloud-event';
import type { InboundRecord } from '../message';
import type { TopicReader } from './readers';

/** One record of a batch, decoded once; `refusal` says why it could not be. */
export interface Entry {
  offset: number;
  /** The broker's time, milliseconds since the epoch. */
  timestamp: number;
  stored: StoredRecord;
  headers: Record<string, string>;
  record: InboundRecord | null;
  refusal: string | null;
}

/** What one transaction takes from one partition: all offsets from `held` up to, not including, `to`. */
export interface Slice {
  topic: string;
  partition: number;
  reader: TopicReader;
  held: number;
  to: number;
  entries: Entry[];
}

export function recordCount(slices: readonly Slice[]): number {
  return slices.reduce((sum, { entries }) => sum + entries.length, 0);
}

/** Cuts a batch in two by offset, in order, so that a record that cannot be handled is found by halving (design S5). */
export function halve(slices: readonly Slice[]): [Slice[], Slice[]] {
  const first: Slice[] = [];
  const second: Slice[] = [];
  let left = Math.floor(recordCount(slices) / 2);
  for (const slice of slices) {
    const { entries } = slice;
    if (entries.length <= left) {
      first.push(slice);
      left -= entries.length;
    } else if (left === 0) {
      second.push(slice);
    } else {
      const cut = entries[left]!.offset;
      first.push({ ...slice, to: cut, entries: entries.slice(0, left) });
      second.push({ ...slice, held: cut, entries: entries.slice(left) });
      left = 0;
    }
  }
  return [first, second];
}

export function toEntry(message: KafkaMessage, reader: TopicReader, partition: number): Entry {
  const stored: StoredRecord = {
    key: message.key,
    value: message.value,
    traceparent: headerOf(message, 'traceparent'),
  };
  const decoded = decodeRecord(reader.contract, stored, partition, message.offset);
  const refused = typeof decoded === 'string';
  return {
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    stored,
    headers: refused ? headersOf(message) : {},
    record: refused ? null : decoded,
    refusal: refused ? decoded : null,
  };
}

function headerOf(message: KafkaMessage, name: string): string | null {
  const value = message.headers?.[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? null : first.toString();
}

const MAX_HEADERS = 16;
const MAX_HEADER_LENGTH = 256;

/** Headers of an unreadable record, for its dead letter; anybody may have written them, so they are cut short. */
function headersOf(message: KafkaMessage): Record<string, string> {
  const names = Object.keys(message.headers ?? {}).slice(0, MAX_HEADERS);
  return Object.fromEntries(
    names.map((name) => [
      name.slice(0, MAX_HEADER_LENGTH),
      (headerOf(message, name) ?? '').slice(0, MAX_HEADER_LENGTH),
    ]),
  );
}
