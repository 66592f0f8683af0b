import { auditOf } from '@gateway/contracts/audit.service.v1';
import type { Contract } from '@gateway/contracts/contract';
import type { Tx } from '@gateway/persistence';
import {
  OutboxTransactions,
  type AuditEntry,
  type BatchHandler,
  type ContractFamily,
  type Emitted,
  type FamilyMembers,
  type InboundRecord,
  type OutboundRecord,
  type ReadingMode,
  type Worked,
} from '@gateway/messaging';
import { decodeRecord, encodeRecord, type WireRecord } from '../src/envelope/cloud-event';
import { standingOf, type Place } from '../src/reading/history';
import { readersOf, type TopicReader } from '../src/reading/readers';
import { RecordingTx, type Statement } from './recording-tx';

/** A record that could not be handled, or came too early. */
export interface ParkedInMemory {
  kind: 'failed' | 'gap' | 'behind';
  record: InboundRecord;
  reader: TopicReader;
}

interface Waiting {
  reader: TopicReader;
  record: InboundRecord;
}

const TRIES = 3;

/**
 * The twin of messaging for tests without Kafka and PostgreSQL: the same contracts, checks and reading rules, on
 * arrays. Passes the same conformance suite as the real thing. Transactions are all or nothing for what they emit and
 * for the statements that `statements` shows.
 */
export class InMemoryMessaging extends OutboxTransactions {
  /** Statements of committed transactions. */
  readonly statements: Statement[] = [];
  readonly parked: ParkedInMemory[] = [];
  readonly deadLetters: { topic: string; reason: string }[] = [];
  private readonly logs = new Map<string, WireRecord[]>();
  private readonly next = new Map<string, number>();
  private readonly taken = new Map<string, Place>();
  private readonly auditPlaces = new Map<number, number>();
  private readers = new Map<string, TopicReader>();
  private readonly handlers: Parameters<typeof readersOf>[0][number][] = [];
  private ids = 0;

  constructor(
    private readonly service: string,
    private readonly families: readonly FamilyMembers[] = [],
    private readonly answer: (statement: Statement) => unknown[] = () => [],
  ) {
    super();
  }

  consume(sources: readonly (Contract | ContractFamily)[], handle: BatchHandler, mode: ReadingMode = 'acting'): void {
    this.handlers.push({ consumed: { sources, mode }, handle });
    this.readers = readersOf(this.handlers, this.families);
  }

  async run<T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T> {
    const tx = new RecordingTx(this.answer);
    const { result, emit } = await work(tx);
    this.commit(tx, emit, this.encode(emit));
    return result;
  }

  /** Writes to a topic as anybody could: the bytes are not checked. */
  append(topic: string, record: WireRecord): void {
    this.logOf(topic).push(record);
  }

  recordsOf(topic: string): readonly WireRecord[] {
    return this.logOf(topic);
  }

  /** Handles all that waits, and what that makes wait, until nothing does. */
  async settle(): Promise<void> {
    for (;;) {
      const waiting = this.takeWaiting();
      if (waiting.length === 0) return;
      await this.handleAll(waiting);
    }
  }

  /** Tries the first parked record of each key again, then those behind it. */
  async retryParked(): Promise<void> {
    const rows = this.parked.splice(0).sort((a, b) => (a.record.sequence ?? 0) - (b.record.sequence ?? 0));
    for (const { reader, record } of rows) await this.handleAll([{ reader, record }]);
    await this.settle();
  }

  private logOf(topic: string): WireRecord[] {
    let log = this.logs.get(topic);
    if (!log) this.logs.set(topic, (log = []));
    return log;
  }

  private takeWaiting(): Waiting[] {
    const waiting: Waiting[] = [];
    for (const [topic, reader] of this.readers) {
      const log = this.logOf(topic);
      for (let at = this.next.get(topic) ?? 0; at < log.length; at++) {
        const record = this.decode(reader, log[at]!, at);
        if (typeof record === 'string') this.deadLetters.push({ topic, reason: record });
        else waiting.push({ reader, record });
      }
      this.next.set(topic, log.length);
    }
    return waiting;
  }

  private decode(reader: TopicReader, wire: WireRecord, at: number): InboundRecord | string {
    const stored = { key: Buffer.from(wire.key), value: Buffer.from(wire.value), traceparent: wire.traceparent };
    return decodeRecord(reader.contract, stored, wire.partition, String(at));
  }

  /** In order; what cannot be handled together is halved down to the one at fault, as in the real thing. */
  private async handleAll(waiting: readonly Waiting[]): Promise<void> {
    const early: Waiting[] = [];
    const places = new Map<string, Place>();
    const ready = waiting.filter((one) => this.isReady(one, early, places));
    if (ready.length > 0 && !(await this.attempt(ready, places))) await this.divide(ready);
    for (const one of early) await this.settleEarly(one);
  }

  private async divide(ready: readonly Waiting[]): Promise<void> {
    if (ready.length > 1) {
      const half = Math.floor(ready.length / 2);
      await this.handleAll(ready.slice(0, half));
      await this.handleAll(ready.slice(half));
      return;
    }
    for (let tried = 1; tried < TRIES; tried++) if (await this.attempt(ready, placesOf(ready))) return;
    this.parked.push({ kind: 'failed', ...ready[0]! });
  }

  private isReady(one: Waiting, early: Waiting[], places: Map<string, Place>): boolean {
    const name = nameOf(one);
    if (!one.reader.inSequence) {
      if (!this.parked.some((row) => nameOf(row) === name)) return true;
      this.parked.push({ kind: 'behind', ...one });
      return false;
    }
    const standing = standingOf(placeOf(one.record), places.get(name) ?? this.taken.get(name));
    if (standing === 'early') early.push(one);
    if (standing !== 'next' || this.isParked(one)) return false;
    places.set(name, placeOf(one.record));
    return true;
  }

  /** What came too early is looked at again, as its predecessors may have been taken meanwhile; else it waits. */
  private async settleEarly(one: Waiting): Promise<void> {
    const standing = standingOf(placeOf(one.record), this.taken.get(nameOf(one)));
    if (standing === 'next') await this.handleAll([one]);
    if (standing !== 'early' || this.isParked(one)) return;
    const behind = this.parked.some((row) => nameOf(row) === nameOf(one));
    this.parked.push({ kind: behind ? 'behind' : 'gap', ...one });
  }

  private isParked({ reader, record }: Waiting): boolean {
    return this.parked.some(
      (row) => nameOf(row) === nameOf({ reader, record }) && row.record.sequence === record.sequence,
    );
  }

  private async attempt(ready: readonly Waiting[], places: ReadonlyMap<string, Place>): Promise<boolean> {
    const tx = new RecordingTx(this.answer);
    const deliveries = new Map<BatchHandler, InboundRecord[]>();
    for (const { reader, record } of ready)
      deliveries.set(reader.handle, [...(deliveries.get(reader.handle) ?? []), record]);
    const all: Emitted[] = [];
    try {
      for (const [handle, records] of deliveries) all.push(await handle(records, tx));
      const joined: Emitted = {
        records: all.flatMap(({ records }) => records),
        audit: all.flatMap(({ audit }) => audit ?? []),
        afterCommit: () => all.forEach(({ afterCommit }) => afterCommit?.()),
      };
      this.commit(tx, joined, this.encode(joined));
    } catch {
      return false;
    }
    for (const [name, place] of places) this.taken.set(name, place);
    await this.releaseFollowing(ready);
    return true;
  }

  /** A filled gap frees what waited for it. */
  private async releaseFollowing(ready: readonly Waiting[]): Promise<void> {
    const names = new Set(ready.map(nameOf));
    const free = this.parked.filter(
      (row) =>
        row.kind === 'gap' &&
        names.has(nameOf(row)) &&
        standingOf(placeOf(row.record), this.taken.get(nameOf(row))) !== 'early',
    );
    for (const row of free) {
      this.parked.splice(this.parked.indexOf(row), 1);
      await this.handleAll([row]);
    }
  }

  /** Checks and serialises before anything counts, so that a refused record rolls the whole transaction back. */
  private encode(emitted: Emitted): { topic: string; wire: WireRecord }[] {
    const time = new Date().toISOString();
    return [...emitted.records, ...this.numbered(emitted.audit ?? [], time)].map((record) => ({
      topic: record.contract.topic,
      wire: encodeRecord(record, `rec-${++this.ids}`, time),
    }));
  }

  private numbered(entries: readonly AuditEntry[], at: string): OutboundRecord[] {
    const contract = auditOf(this.service);
    const given = new Map<number, number>();
    return entries.map(({ subjectId, partnerId, bucket, actor, actions }) => {
      const sequence = (given.get(bucket) ?? this.auditPlaces.get(bucket) ?? 0) + 1;
      given.set(bucket, sequence);
      const partner = partnerId === undefined ? {} : { partner_id: partnerId };
      const data = { service: this.service, bucket, sequence, subject_id: subjectId, ...partner, actor, actions, at };
      return { contract, data, partition: bucket, sequence, incarnation: 0 };
    });
  }

  private commit(tx: RecordingTx, emitted: Emitted, encoded: readonly { topic: string; wire: WireRecord }[]): void {
    this.statements.push(...tx.statements);
    for (const { topic, wire } of encoded) this.logOf(topic).push(wire);
    for (const { bucket } of emitted.audit ?? []) this.auditPlaces.set(bucket, (this.auditPlaces.get(bucket) ?? 0) + 1);
    emitted.afterCommit?.();
  }
}

function nameOf({ reader, record }: Waiting): string {
  return `${reader.contract.topic} ${record.key}`;
}

function placeOf({ sequence, incarnation }: InboundRecord): Place {
  return { sequence: sequence ?? 0, incarnation: incarnation ?? 0 };
}

function placesOf(waiting: readonly Waiting[]): Map<string, Place> {
  return new Map(
    waiting.filter(({ reader }) => reader.inSequence).map((one) => [nameOf(one), placeOf(one.record)] as const),
  );
}
