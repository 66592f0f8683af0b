import type { Database, Tx } from '@gateway/persistence';
import { FenceLost } from './failure';
import type { Slice } from './slice';

/** One partition of one of our topics. */
export interface TopicPartition {
  topic: string;
  partition: number;
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/** Moves the positions only where they are still what we hold, and tells whether this group has parked anything. */
const FENCE = `
  WITH moved AS (
    UPDATE consumer_offset o SET next = t.upto
    FROM unnest($3::text[], $4::int[], $5::bigint[], $6::bigint[]) AS t (topic, part, held, upto)
    WHERE o.cluster_id = $1 AND o.grp = $2 AND o.topic = t.topic AND o.part = t.part
      AND o.next = t.held AND o.stopped IS NULL
    RETURNING 1)
  SELECT (SELECT count(*)::int FROM moved) AS moved, EXISTS (SELECT 1 FROM parked WHERE grp = $2) AS parked`;

const LOAD = `
  SELECT o.topic, o.part, o.next, o.stopped FROM consumer_offset o
  JOIN unnest($3::text[], $4::int[]) AS t (topic, part) ON o.topic = t.topic AND o.part = t.part
  WHERE o.cluster_id = $1 AND o.grp = $2`;

const CREATE = `
  INSERT INTO consumer_offset (cluster_id, grp, topic, part)
  SELECT $1, $2, t.topic, t.part FROM unnest($3::text[], $4::int[]) AS t (topic, part) ON CONFLICT DO NOTHING`;

/** Where this process stands in its partitions: `consumer_offset` and the copy held in memory. */
export class Positions {
  private readonly held = new Map<string, number>();
  private readonly stoppedOnes = new Map<string, TopicPartition>();
  /** Broker's time of the last record taken from each partition. */
  private readonly reached = new Map<string, number>();
  private clusterId = '';

  constructor(
    private readonly database: Database,
    private readonly group: string,
  ) {}

  /** At every join of the group: what was held is forgotten, rows are loaded or created at 0. */
  async assume(clusterId: string, assigned: readonly TopicPartition[]): Promise<void> {
    this.held.clear();
    this.stoppedOnes.clear();
    this.clusterId = clusterId;
    await this.database.query(CREATE, this.parameters(assigned));
    await this.reload(assigned);
  }

  forget(): void {
    this.held.clear();
  }

  async reload(partitions: readonly TopicPartition[]): Promise<void> {
    const rows = await this.database.query<{ topic: string; part: number; next: bigint; stopped: string | null }>(
      LOAD,
      this.parameters(partitions),
    );
    for (const { topic, part, next, stopped } of rows) {
      const key = keyOf(topic, part);
      this.held.set(key, Number(next));
      if (stopped === null) this.stoppedOnes.delete(key);
      else this.stoppedOnes.set(key, { topic, partition: part });
    }
  }

  /** The offset below which all is done; undefined where the partition is not ours. */
  heldOf(topic: string, partition: number): number | undefined {
    return this.held.get(keyOf(topic, partition));
  }

  isStopped(topic: string, partition: number): boolean {
    return this.stoppedOnes.has(keyOf(topic, partition));
  }

  stopped(): TopicPartition[] {
    return [...this.stoppedOnes.values()];
  }

  all(): { topic: string; partition: number; held: number }[] {
    return [...this.held].map(([key, held]) => {
      const cut = key.lastIndexOf('/');
      return { topic: key.slice(0, cut), partition: Number(key.slice(cut + 1)), held };
    });
  }

  /**
   * The first statement of every batch's transaction. Answers whether the group has anything parked.
   * @throws FenceLost where another reader has moved one of the partitions
   */
  async fence(tx: Tx, slices: readonly Slice[]): Promise<boolean> {
    const [row] = await tx.query<{ moved: number; parked: boolean }>(
      FENCE,
      [
        this.clusterId,
        this.group,
        slices.map(({ topic }) => topic),
        slices.map(({ partition }) => partition),
        slices.map(({ held }) => held),
        slices.map(({ to }) => to),
      ],
      'reading-fence',
    );
    if (row?.moved !== slices.length) throw new FenceLost();
    return row.parked;
  }

  /** After the commit. */
  advance(slices: readonly Slice[]): void {
    for (const { topic, partition, to, entries } of slices) {
      const key = keyOf(topic, partition);
      if (this.held.has(key)) this.held.set(key, to);
      const last = entries.at(-1);
      if (last) this.reached.set(key, last.timestamp);
    }
  }

  /** When the broker got the last record taken from a partition: what waits there is younger. Infinity where none was. */
  behindSince({ topic, partition }: TopicPartition): number {
    return this.reached.get(keyOf(topic, partition)) ?? Infinity;
  }

  /** The log lost its tail or was made anew: all of it is read again, which record identities make harmless. */
  async rewind({ topic, partition }: TopicPartition): Promise<void> {
    const held = this.heldOf(topic, partition);
    await this.database.query(
      `UPDATE consumer_offset SET next = 0 WHERE cluster_id = $1 AND grp = $2 AND topic = $3 AND part = $4 AND next = $5`,
      [this.clusterId, this.group, topic, partition, held],
    );
    await this.reload([{ topic, partition }]);
  }

  /** Unread records are gone: a person replays them and moves the partition on. */
  async stop({ topic, partition }: TopicPartition, reason: string): Promise<void> {
    await this.database.query(
      `UPDATE consumer_offset SET stopped = $5 WHERE cluster_id = $1 AND grp = $2 AND topic = $3 AND part = $4`,
      [this.clusterId, this.group, topic, partition, reason],
    );
    await this.reload([{ topic, partition }]);
  }

  private parameters(partitions: readonly TopicPartition[]): unknown[] {
    const topics = partitions.map(({ topic }) => topic);
    return [this.clusterId, this.group, topics, partitions.map(({ partition }) => partition)];
  }
}
