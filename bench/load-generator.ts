import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel, type EachBatchPayload } from 'kafkajs';
import type { FromGenerator, LoadResult, LoadRun, LoadTarget, Percentiles, ToGenerator } from './load';
import { RawConnection } from './raw-http';

const CONNECTIONS = 128;
const FETCH_WAIT_MS = 100;
const BUSY_PAUSE_MS = 1_000;
const FINAL = new Set(['COMPLETED', 'REJECTED', 'DECLINED', 'EXPIRED', 'REVERSED', 'BLOCKED', 'CAPTURE_LOST']);

/** Sends payments and sees them settle. */
class LoadGenerator {
  private readonly bodies: string[];
  private readonly free: RawConnection[] = [];
  private readonly waitingForConnection: ((connection: RawConnection) => void)[] = [];
  /** Sent payments by id, until their final event. */
  private readonly running = new Map<string, (state: string) => void>();
  /** Final events that came before the answer to their request. */
  private readonly early = new Map<string, string>();

  constructor(private readonly target: LoadTarget) {
    this.bodies = readFileSync(target.file, 'utf8').trimEnd().split('\n');
  }

  async open(): Promise<void> {
    for (let index = 0; index < CONNECTIONS; index++) this.free.push(await RawConnection.open(this.target.port));
    const kafka = new Kafka({
      clientId: 'bench-load',
      brokers: [...this.target.brokers],
      logLevel: logLevel.NOTHING,
    });
    const consumer = kafka.consumer({ groupId: `${this.target.topic}-load`, maxWaitTimeInMs: FETCH_WAIT_MS });
    await consumer.connect();
    await consumer.subscribe({ topics: [this.target.topic], fromBeginning: true });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 6,
      eachBatch: (payload) => this.see(payload),
    });
    await joined;
  }

  async run({ from, count, how }: LoadRun): Promise<LoadResult> {
    const tally = new Tally(count);
    if ('open' in how) await this.closedLoop(from, count, how.open, tally);
    else await this.openLoop(from, count, how.perSecond, tally);
    return tally.result();
  }

  private async closedLoop(from: number, count: number, open: number, tally: Tally): Promise<void> {
    let next = from;
    const slot = async (): Promise<void> => {
      while (next < from + count) await this.pay(next++, performance.now(), tally);
    };
    await Promise.all(Array.from({ length: Math.min(open, count) }, slot));
  }

  /** Payments begin by an absolute clock; one that is sent late keeps its intended time. */
  private async openLoop(from: number, count: number, perSecond: number, tally: Tally): Promise<void> {
    const began = performance.now();
    const paid: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const intended = began + (index * 1_000) / perSecond;
      const early = intended - performance.now();
      if (early > 0) await pause(early);
      paid.push(this.pay(from + index, intended, tally));
    }
    await Promise.all(paid);
  }

  private async pay(index: number, intended: number, tally: Tally): Promise<void> {
    const text = requestText(this.bodies[index] ?? '', index, this.target.apiKey);
    for (;;) {
      const connection = await this.connection();
      tally.sending();
      const { status, body } = await connection.request(text);
      this.release(connection);
      if (status === 202) {
        tally.answered(performance.now() - intended);
        const state = await this.finalState(/"id":"([^"]+)"/.exec(body)?.[1] ?? '');
        return tally.finished(state, performance.now() - intended);
      }
      tally.refused(status);
      if (status !== 503) return;
      await pause(BUSY_PAUSE_MS);
    }
  }

  private finalState(id: string): Promise<string> {
    const known = this.early.get(id);
    if (known === undefined) return new Promise((resolve) => this.running.set(id, resolve));
    this.early.delete(id);
    return Promise.resolve(known);
  }

  private connection(): Promise<RawConnection> {
    const connection = this.free.pop();
    if (connection !== undefined) return Promise.resolve(connection);
    return new Promise((resolve) => this.waitingForConnection.push(resolve));
  }

  private release(connection: RawConnection): void {
    const waiting = this.waitingForConnection.shift();
    if (waiting === undefined) this.free.push(connection);
    else waiting(connection);
  }

  private async see({ batch }: EachBatchPayload): Promise<void> {
    for (const { key, value } of batch.messages) {
      const text = value?.toString('latin1') ?? '';
      const state = /"state":"([A-Z_]+)"/.exec(text)?.[1] ?? '';
      if (!FINAL.has(state)) continue;
      const id = key?.toString('latin1') ?? '';
      const settle = this.running.get(id);
      if (settle === undefined) this.early.set(id, state);
      this.running.delete(id);
      settle?.(state);
    }
  }
}

/** What became of the payments of one run. */
class Tally {
  private firstSentAt = 0;
  private lastSettledAt = 0;
  private settled = 0;
  private readonly otherwise: Record<string, number> = {};
  private readonly refusals: Record<string, number> = {};
  private readonly answerTimes: number[] = [];
  private readonly completionTimes: number[] = [];

  constructor(private readonly count: number) {}

  sending(): void {
    if (this.firstSentAt === 0) this.firstSentAt = Date.now();
  }

  answered(ms: number): void {
    this.answerTimes.push(ms);
  }

  refused(status: number): void {
    this.refusals[status] = (this.refusals[status] ?? 0) + 1;
  }

  finished(state: string, ms: number): void {
    this.lastSettledAt = Date.now();
    this.completionTimes.push(ms);
    if (state === 'COMPLETED') this.settled++;
    else this.otherwise[state] = (this.otherwise[state] ?? 0) + 1;
  }

  result(): LoadResult {
    return {
      count: this.count,
      settled: this.settled,
      otherwise: this.otherwise,
      refused: this.refusals,
      firstSentAt: this.firstSentAt,
      lastSettledAt: this.lastSettledAt,
      answered: percentilesOf(this.answerTimes),
      completed: percentilesOf(this.completionTimes),
    };
  }
}

function percentilesOf(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function requestText(body: string, index: number, apiKey: string): string {
  return (
    `POST /v1/payments HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${apiKey}\r\n` +
    `idempotency-key: bench-payment-${index}\r\ncontent-type: application/json\r\n` +
    `content-length: ${body.length}\r\n\r\n${body}`
  );
}

let generator: LoadGenerator | null = null;

function answer(message: FromGenerator): void {
  process.send?.(message);
}

async function take(message: ToGenerator): Promise<void> {
  if ('end' in message) process.exit(0);
  if ('target' in message) {
    generator = new LoadGenerator(message.target);
    await generator.open();
    answer({ ready: true });
  } else if (generator !== null) {
    answer({ result: await generator.run(message.run) });
  }
}

process.on('message', (message: ToGenerator) => {
  take(message).catch((error: Error) => answer({ failed: error.stack ?? error.message }));
});
process.once('disconnect', () => process.exit(0));
