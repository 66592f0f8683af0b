import type { Tx } from '@gateway/persistence';

/** The place of a record in the history of its key; incarnations rise when a database is restored. */
export interface Place {
  incarnation: number;
  sequence: number;
}

/** A key of one topic. */
export interface TopicKey {
  topic: string;
  key: string;
}

/** Where a record stands to what has been taken: the one to take now, one taken before, or one that comes too early. */
export type Standing = 'next' | 'repeat' | 'early';

/** Places compare as (incarnation, sequence). After a restore the history goes on from what the restored writer knew. */
export function standingOf(place: Place, taken: Place | undefined): Standing {
  if (!taken) return place.sequence === 1 ? 'next' : 'early';
  if (place.incarnation < taken.incarnation) return 'repeat';
  if (place.incarnation > taken.incarnation) return place.sequence <= taken.sequence + 1 ? 'next' : 'early';
  if (place.sequence <= taken.sequence) return 'repeat';
  return place.sequence === taken.sequence + 1 ? 'next' : 'early';
}

const LOAD = `
  SELECT h.topic, h.key, h.incarnation, h.sequence FROM history_position h
  JOIN unnest($2::text[], $3::text[]) AS t (topic, key) ON h.topic = t.topic AND h.key = t.key WHERE h.grp = $1`;

const SAVE = `
  INSERT INTO history_position (grp, topic, key, incarnation, sequence)
  SELECT $1, t.topic, t.key, t.incarnation, t.sequence
  FROM unnest($2::text[], $3::text[], $4::int[], $5::bigint[]) AS t (topic, key, incarnation, sequence)
  ON CONFLICT (grp, topic, key) DO UPDATE SET incarnation = excluded.incarnation, sequence = excluded.sequence`;

/** Places by topic and key. */
export class PlaceMap {
  private readonly places = new Map<string, Map<string, Place>>();

  get({ topic, key }: TopicKey): Place | undefined {
    return this.places.get(topic)?.get(key);
  }

  set({ topic, key }: TopicKey, place: Place): void {
    let keys = this.places.get(topic);
    if (!keys) this.places.set(topic, (keys = new Map<string, Place>()));
    keys.set(key, place);
  }

  entries(): (TopicKey & Place)[] {
    const all: (TopicKey & Place)[] = [];
    for (const [topic, keys] of this.places) {
      for (const [key, { incarnation, sequence }] of keys) all.push({ topic, key, incarnation, sequence });
    }
    return all;
  }
}

/** `history_position`: how far this group has taken each key of the histories that it acts on. */
export class HistoryPositions {
  constructor(private readonly group: string) {}

  async load(tx: Tx, keys: readonly TopicKey[]): Promise<PlaceMap> {
    const places = new PlaceMap();
    if (keys.length === 0) return places;
    const rows = await tx.query<TopicKey & { incarnation: number; sequence: bigint }>(
      LOAD,
      [this.group, keys.map(({ topic }) => topic), keys.map(({ key }) => key)],
      'reading-history-load',
    );
    for (const row of rows) {
      places.set(row, { incarnation: row.incarnation, sequence: Number(row.sequence) });
    }
    return places;
  }

  async save(tx: Tx, taken: PlaceMap): Promise<void> {
    const rows = taken.entries();
    if (rows.length === 0) return;
    await tx.query(
      SAVE,
      [
        this.group,
        rows.map(({ topic }) => topic),
        rows.map(({ key }) => key),
        rows.map(({ incarnation }) => incarnation),
        rows.map(({ sequence }) => sequence),
      ],
      'reading-history-save',
    );
  }
}
