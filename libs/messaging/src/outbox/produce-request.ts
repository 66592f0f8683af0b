import type { Message, TopicMessages } from 'kafkajs';
import { CONTENT_TYPE, type WireRecord } from '../envelope/cloud-event';
import type { OutboxRow } from './outbox-row';

/** At most this much per partition and request: the broker refuses a record batch over 1 MB. */
export const MAX_PARTITION_BYTES = 512 * 1024;
/** Kafka's own fields around a record, generously. */
const RECORD_OVERHEAD_BYTES = 160;

/** A row with how many of its records have been taken into requests so far. */
export interface QueuedRow {
  row: OutboxRow;
  taken: number;
}

/** One request, and the rows that are wholly published once it is acknowledged. */
export interface ProduceRequest {
  topicMessages: TopicMessages[];
  completes: OutboxRow[];
  records: number;
}

/**
 * Takes records from the front of the queue, in order, until a partition's share is full. A row too large for one
 * request is finished by the next ones; it counts as published when its last record is.
 */
export function nextRequest(queue: QueuedRow[], physical: (topic: string) => string): ProduceRequest {
  const messages = new Map<string, Message[]>();
  const bytes = new Map<string, number>();
  const request: ProduceRequest = { topicMessages: [], completes: [], records: 0 };
  while (queue.length > 0) {
    const front = queue[0]!;
    const { topic, records } = front.row;
    let list = messages.get(topic);
    if (!list) messages.set(topic, (list = []));
    while (front.taken < records.length) {
      const record = records[front.taken]!;
      const share = `${topic} ${record.partition}`;
      const size = (bytes.get(share) ?? 0) + sizeOf(record);
      if (size > MAX_PARTITION_BYTES && bytes.has(share)) return finish(request, messages, physical);
      bytes.set(share, size);
      list.push(toMessage(record));
      request.records++;
      front.taken++;
    }
    queue.shift();
    request.completes.push(front.row);
  }
  return finish(request, messages, physical);
}

function finish(
  request: ProduceRequest,
  messages: ReadonlyMap<string, Message[]>,
  physical: (topic: string) => string,
): ProduceRequest {
  for (const [topic, list] of messages) {
    if (list.length > 0) request.topicMessages.push({ topic: physical(topic), messages: list });
  }
  return request;
}

function sizeOf(record: WireRecord): number {
  return Buffer.byteLength(record.value) + record.key.length + RECORD_OVERHEAD_BYTES;
}

const PLAIN_HEADERS = { 'content-type': CONTENT_TYPE };

function toMessage({ key, value, partition, traceparent }: WireRecord): Message {
  const headers = traceparent === null ? PLAIN_HEADERS : { ...PLAIN_HEADERS, traceparent };
  return { key, value, partition, headers };
}
