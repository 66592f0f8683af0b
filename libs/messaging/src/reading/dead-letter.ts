import { createHash } from 'node:crypto';
import type { WireRecord } from '../envelope/cloud-event';
import type { Entry, Slice } from './slice';

/** Bytes of an unreadable record that its dead letter carries; the whole lies in the origin until its retention. */
const MAX_KEPT_BYTES = 32_768;
const MAX_KEY_LENGTH = 200;

export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

/** A dead letter: where the record came from, why it could not be read, and its bytes. */
export function deadLetter(slice: Slice, entry: Entry, service: string, id: string, time: string): WireRecord {
  const { topic, partition } = slice;
  const value = entry.stored.value ?? Buffer.alloc(0);
  const key = entry.stored.key?.toString('utf8').slice(0, MAX_KEY_LENGTH) ?? null;
  const kept = value.subarray(0, MAX_KEPT_BYTES);
  const event = {
    specversion: '1.0',
    id,
    source: `/services/${service}`,
    type: deadLetterTopic(topic),
    subject: `${topic}/${partition}/${entry.offset}`,
    time,
    datacontenttype: 'application/json',
    data: {
      origin: { topic, partition, offset: String(entry.offset), key, headers: entry.headers },
      reason: entry.refusal,
      reader: service,
      size: value.length,
      sha256: createHash('sha256').update(value).digest('hex'),
      bytes: kept.toString('base64'),
      complete: kept.length === value.length,
    },
  };
  return {
    key: `${topic}/${partition}/${entry.offset}`,
    partition: 0,
    traceparent: null,
    value: JSON.stringify(event),
  };
}
