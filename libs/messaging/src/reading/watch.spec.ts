import type { Database } from '@gateway/persistence';
import type { KafkaConnection } from '../kafka/kafka-connection';
import { MessagingMetrics } from '../metrics';
import type { OutboxTable } from '../outbox/outbox-table';
import { DEFAULT_LIMITS, MessagingSettings } from '../settings';
import type { GroupConsumer } from './group-consumer';
import type { ParkedTable } from './parked-table';
import { Positions } from './positions';
import { Watch } from './watch';

const NO_DATABASE = {} as Database;

/** A watch over a broker that can go away and over a consumer that hears nothing unless told. */
function watchOver(startAfterMs = 0): {
  broker: { answers: boolean };
  consumer: { lastEventAt: number; reportPositions: () => Promise<void> };
  ends: string[];
  watch: Watch;
} {
  const broker = { answers: true };
  const consumer = {
    lastEventAt: performance.now(),
    resumeMoved: async (): Promise<void> => undefined,
    reportPositions: async (): Promise<void> => undefined,
  };
  const ends: string[] = [];
  const clusterId = async (): Promise<string> => {
    if (!broker.answers) throw new Error('connect ECONNREFUSED');
    return 'cluster';
  };
  const watch = new Watch({
    settings: new MessagingSettings('reader', ['broker'], '', 'reader-1', [], DEFAULT_LIMITS, 72),
    connection: { clusterId } as unknown as KafkaConnection,
    database: NO_DATABASE,
    outbox: { depth: async () => ({ rows: 0, oldestAgeS: 0 }) } as unknown as OutboxTable,
    parked: {
      counts: async () => ({ failed: 0, gap: 0, behind: 0, needsPerson: 0, gapsOverdue: 0 }),
    } as unknown as ParkedTable,
    positions: new Positions(NO_DATABASE, 'reader'),
    consumer: consumer as unknown as GroupConsumer,
    metrics: new MessagingMetrics(),
    fatal: (reason) => ends.push(reason),
  });
  jest.advanceTimersByTime(startAfterMs);
  watch.start('cluster');
  return { broker, consumer, ends, watch };
}

describe('the watch over a consumer', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('ends the process when nothing is heard for 20 s while the broker answers', async () => {
    const { ends, watch } = watchOver();
    await jest.advanceTimersByTimeAsync(26_000);
    expect(ends).toContain('the consumer has gone deaf');
    await watch.stop();
  });

  it('does not count the silence of a broker that was away: its return ends no process', async () => {
    const { broker, consumer, ends, watch } = watchOver();
    await jest.advanceTimersByTimeAsync(5_000);
    broker.answers = false;
    await jest.advanceTimersByTimeAsync(60_000);
    broker.answers = true;
    await jest.advanceTimersByTimeAsync(15_000);
    consumer.lastEventAt = performance.now();
    await jest.advanceTimersByTimeAsync(15_000);
    expect(ends).toEqual([]);
    await watch.stop();
  });

  it('does not count the time in which a process waited for its broker before it began', async () => {
    const { consumer, ends, watch } = watchOver(60_000);
    await jest.advanceTimersByTimeAsync(15_000);
    consumer.lastEventAt = performance.now();
    await jest.advanceTimersByTimeAsync(15_000);
    expect(ends).toEqual([]);
    await watch.stop();
  });

  it('does not count the time in which it could not look, because an answer of the broker did not come', async () => {
    const { consumer, ends, watch } = watchOver();
    consumer.reportPositions = () => new Promise((resolve) => void setTimeout(resolve, 45_000));
    await jest.advanceTimersByTimeAsync(6_000);
    consumer.reportPositions = async () => undefined;
    await jest.advanceTimersByTimeAsync(50_000);
    consumer.lastEventAt = performance.now();
    await jest.advanceTimersByTimeAsync(15_000);
    expect(ends).toEqual([]);
    await watch.stop();
  });

  it('ends the process when the broker is back for 20 s and the consumer still hears nothing', async () => {
    const { broker, ends, watch } = watchOver();
    broker.answers = false;
    await jest.advanceTimersByTimeAsync(60_000);
    broker.answers = true;
    await jest.advanceTimersByTimeAsync(31_000);
    expect(ends).toContain('the consumer has gone deaf');
    await watch.stop();
  });
});
