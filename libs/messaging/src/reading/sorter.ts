import type { Tx } from '@gateway/persistence';
import type { InboundRecord } from '../message';
import type { MessagingMetrics } from '../metrics';
import { PlaceMap, standingOf, type HistoryPositions, type Place, type TopicKey } from './history';
import { parkedKey, type ParkedTable, type ToPark } from './parked-table';
import type { TopicReader } from './readers';
import type { Entry, Slice } from './slice';

/** What becomes of the records of one batch. */
export interface Sorted {
  /** Per handler, in order per topic and partition. */
  deliveries: Map<TopicReader['handle'], InboundRecord[]>;
  unreadable: { slice: Slice; entry: Entry }[];
  park: ToPark[];
  /** The new places of the histories that were taken further. */
  taken: PlaceMap;
}

type ParkedPlaces = ReadonlyMap<string, ReadonlySet<string>>;
const NOTHING_PARKED: ParkedPlaces = new Map();

/** Decides record by record: unreadable, repeat, next in its history, too early, behind a parked one. */
export class Sorter {
  constructor(
    private readonly histories: HistoryPositions,
    private readonly parked: ParkedTable,
    private readonly metrics: MessagingMetrics,
  ) {}

  /** `anyParked`: whether the group has parked anything at all; mostly it has not, and one query is saved. */
  async sort(tx: Tx, slices: readonly Slice[], anyParked: boolean): Promise<Sorted> {
    const parked = anyParked
      ? await this.parked.placesOf(
          tx,
          keysOf(slices, () => true),
        )
      : NOTHING_PARKED;
    const places = await this.histories.load(
      tx,
      keysOf(slices, ({ inSequence }) => inSequence),
    );
    const sorting = new Sorting(places, parked, this.metrics);
    for (const slice of slices) {
      for (const entry of slice.entries) sorting.add(slice, entry);
    }
    return sorting.finish();
  }
}

/** A record that came too early within its batch; it may still find its place there. */
interface Early {
  slice: Slice;
  entry: Entry;
  record: InboundRecord;
  place: Place;
}

/** One pass over a batch. */
class Sorting {
  private readonly sorted: Sorted = { deliveries: new Map(), unreadable: [], park: [], taken: new PlaceMap() };
  private readonly early = new Map<string, Early[]>();

  constructor(
    private readonly places: PlaceMap,
    private readonly parked: ParkedPlaces,
    private readonly metrics: MessagingMetrics,
  ) {}

  add(slice: Slice, entry: Entry): void {
    const { record } = entry;
    if (record === null) {
      this.sorted.unreadable.push({ slice, entry });
    } else if (slice.reader.inSequence) {
      this.addInSequence(slice, entry, record);
    } else if (this.parked.size > 0 && this.parked.has(parkedKey({ topic: slice.topic, key: record.key }))) {
      this.sorted.park.push(toPark(slice, entry, record, null, 'behind'));
    } else {
      this.deliver(slice.reader, record);
    }
  }

  finish(): Sorted {
    for (const waiting of this.early.values()) {
      for (const { slice, entry, record, place } of waiting) {
        const kind = this.parked.has(parkedKey({ topic: slice.topic, key: record.key })) ? 'behind' : 'gap';
        this.sorted.park.push(toPark(slice, entry, record, place, kind));
      }
    }
    return this.sorted;
  }

  private addInSequence(slice: Slice, entry: Entry, record: InboundRecord): void {
    const name = { topic: slice.topic, key: record.key };
    const place: Place = { incarnation: record.incarnation ?? 0, sequence: record.sequence ?? 0 };
    const standing = standingOf(place, this.places.get(name));
    if (standing === 'repeat' || this.isParked(name, place)) {
      this.metrics.repeats.inc({ topic: slice.topic });
    } else if (standing === 'next') {
      this.take(slice, name, record, place);
      this.takeFollowing(slice, name);
    } else {
      const waiting = this.early.get(parkedKey(name)) ?? [];
      waiting.push({ slice, entry, record, place });
      this.early.set(parkedKey(name), waiting);
    }
  }

  /** Takes along what came too early a moment ago in the same batch. */
  private takeFollowing(slice: Slice, name: TopicKey): void {
    const waiting = this.early.get(parkedKey(name));
    if (!waiting) return;
    for (;;) {
      const index = waiting.findIndex(({ place }) => standingOf(place, this.places.get(name)) !== 'early');
      if (index < 0) return;
      const [found] = waiting.splice(index, 1);
      if (standingOf(found!.place, this.places.get(name)) === 'next')
        this.take(slice, name, found!.record, found!.place);
      else this.metrics.repeats.inc({ topic: slice.topic });
    }
  }

  private take(slice: Slice, name: TopicKey, record: InboundRecord, place: Place): void {
    this.places.set(name, place);
    this.sorted.taken.set(name, place);
    this.deliver(slice.reader, record);
  }

  private deliver(reader: TopicReader, record: InboundRecord): void {
    const list = this.sorted.deliveries.get(reader.handle);
    if (list) list.push(record);
    else this.sorted.deliveries.set(reader.handle, [record]);
  }

  private isParked(name: TopicKey, place: Place): boolean {
    if (this.parked.size === 0) return false;
    return this.parked.get(parkedKey(name))?.has(`${place.incarnation}:${place.sequence}`) ?? false;
  }
}

function toPark(
  slice: Slice,
  entry: Entry,
  record: InboundRecord,
  place: Place | null,
  kind: 'gap' | 'behind',
): ToPark {
  return {
    topic: slice.topic,
    key: record.key,
    partition: slice.partition,
    incarnation: place?.incarnation ?? 0,
    sequence: place?.sequence ?? null,
    offset: entry.offset,
    stored: entry.stored,
    kind,
    reason: kind === 'gap' ? 'an earlier record of this key is missing' : 'an earlier record of this key is parked',
    attempts: 0,
    dueInMs: kind === 'gap' ? null : 0,
  };
}

/** The distinct keys of the readable records of a batch. */
function keysOf(slices: readonly Slice[], wanted: (reader: TopicReader) => boolean): TopicKey[] {
  const keys: TopicKey[] = [];
  const seen = new Map<string, Set<string>>();
  for (const { topic, reader, entries } of slices) {
    if (!wanted(reader)) continue;
    let known = seen.get(topic);
    if (!known) seen.set(topic, (known = new Set()));
    for (const { record } of entries) {
      if (record === null || known.has(record.key)) continue;
      known.add(record.key);
      keys.push({ topic, key: record.key });
    }
  }
  return keys;
}
