import type { KafkaMessage } from 'kafkajs';
import { reservationCommands } from '@gateway/contracts/fx.reservation.commands.v1';
import { MessagingMetrics } from '../metrics';
import { DEFAULT_LIMITS } from '../settings';
import { BatchJoiner, type FetchedBatch } from './batch-joiner';
import type { BatchRunner } from './batch-runner';
import type { Positions } from './positions';
import type { Slice } from './slice';

const LIMITS = { ...DEFAULT_LIMITS, minCycleMs: 0, maxRestMs: 0 };

/** A joiner over a group that is joined anew while it works: positions are what a test says that they are. */
class Scene {
  readonly held = new Map<number, number>();
  readonly taken: { partition: number; held: number; to: number; offsets: number[] }[] = [];
  readonly sought: [partition: number, offset: number][] = [];
  /** Called before a transaction commits. */
  meanwhile = (): void => undefined;
  private readonly joiner: BatchJoiner;

  constructor() {
    const positions = { heldOf: (_topic: string, partition: number) => this.held.get(partition) };
    const runner = {
      process: async (slices: readonly Slice[]): Promise<void> => {
        for (const { partition, held, to, entries } of slices)
          this.taken.push({ partition, held, to, offsets: entries.map(({ offset }) => offset) });
        for (const { partition, to } of slices) this.held.set(partition, to);
        this.meanwhile();
      },
    };
    this.joiner = new BatchJoiner(
      runner as unknown as BatchRunner,
      positions as unknown as Positions,
      { ...LIMITS, maxBatch: 2 },
      new MessagingMetrics(),
    );
  }

  /** What was fetched from a partition, from the position that it stood at. */
  fetched(partition: number, from: number, count: number): Promise<void> {
    this.held.set(partition, from);
    const messages = Array.from({ length: count }, (_, at) => ({
      offset: String(from + at),
      timestamp: '0',
      key: null,
      value: null,
      attributes: 0,
      headers: {},
    })) as unknown as KafkaMessage[];
    const batch: FetchedBatch = {
      topic: 't',
      partition,
      reader: {
        contract: reservationCommands,
        mode: 'acting',
        inSequence: false,
        handle: async () => ({ records: [] }),
      },
      messages,
      cursor: 0,
      held: from,
      end: from + count,
      highWatermark: from + count,
      heartbeat: async () => undefined,
      resolve: () => undefined,
      seek: (offset) => this.sought.push([partition, offset]),
    };
    return this.joiner.offer(batch);
  }
}

describe('what waits when the group is joined anew', () => {
  it('is taken in order where nothing has moved', async () => {
    const scene = new Scene();
    await scene.fetched(0, 100, 5);
    expect(scene.taken.flatMap(({ offsets }) => offsets)).toEqual([100, 101, 102, 103, 104]);
    expect(scene.sought).toEqual([]);
  });

  it.each([
    ['a log that was made anew is read from its beginning, none of it passed over', 0],
    ['a partition that another process has had is read from where that one stopped', 103],
  ])('%s', async (_name, stands) => {
    const scene = new Scene();
    scene.meanwhile = () => {
      scene.held.set(0, stands);
      scene.meanwhile = () => undefined;
    };
    await scene.fetched(0, 100, 5);
    expect(scene.taken).toEqual([{ partition: 0, held: 100, to: 102, offsets: [100, 101] }]);
    expect(scene.sought).toEqual([[0, stands]]);
  });
});
