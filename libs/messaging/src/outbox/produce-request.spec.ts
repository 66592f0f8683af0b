import type { OutboxRow } from './outbox-row';
import { MAX_PARTITION_BYTES, nextRequest, type QueuedRow } from './produce-request';

function rowOf(id: number, sizes: number[], partition = 0): OutboxRow {
  const records = sizes.map((size, n) => ({
    key: `k${id}-${n}`,
    partition,
    traceparent: null,
    value: 'x'.repeat(size),
  }));
  return { id: BigInt(id), createdAt: new Date(0), topic: 't', records };
}

describe('a produce request', () => {
  it('takes rows in order, each record with its own partition, and completes the rows that are in whole', () => {
    const queue: QueuedRow[] = [1, 2].map((id) => ({ row: rowOf(id, [10, 20], id), taken: 0 }));
    const request = nextRequest(queue, (topic) => `p.${topic}`);
    expect(request.topicMessages).toHaveLength(1);
    expect(request.topicMessages[0]!.topic).toBe('p.t');
    expect(request.topicMessages[0]!.messages.map(({ key, partition }) => `${String(key)} ${partition}`)).toEqual([
      'k1-0 1',
      'k1-1 1',
      'k2-0 2',
      'k2-1 2',
    ]);
    expect(request.completes.map(({ id }) => id)).toEqual([1n, 2n]);
    expect(queue).toHaveLength(0);
  });

  it('holds at most 512 kB per partition; a large row completes with its last piece', () => {
    const queue: QueuedRow[] = [
      {
        row: rowOf(
          1,
          Array.from({ length: 20 }, () => 60_000),
        ),
        taken: 0,
      },
    ];
    const seen: string[] = [];
    const completed: number[] = [];
    while (queue.length > 0) {
      const { topicMessages, completes } = nextRequest(queue, (topic) => topic);
      const bytes = topicMessages[0]!.messages.reduce((sum, { value }) => sum + String(value).length, 0);
      expect(bytes).toBeLessThanOrEqual(MAX_PARTITION_BYTES);
      seen.push(...topicMessages[0]!.messages.map(({ key }) => String(key)));
      completed.push(completes.length);
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => `k1-${n}`));
    expect(completed).toEqual([0, 0, 1]);
  });
});
