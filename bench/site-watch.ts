import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Database } from '@gateway/persistence';
import { SERVICES, type ServiceName, type Site } from './servers';

const POLL_MS = 100;

/** What has gone over the topics and into the tables of a site since it was made. */
export interface Traffic {
  /** Records by logical topic. */
  readonly records: ReadonlyMap<string, number>;
  /** Bytes of records as the outbox holds them, keys included, by logical topic. */
  readonly bytes: ReadonlyMap<string, number>;
  /** Rows inserted, updated and deleted, by `<service> <table>`. */
  readonly rows: ReadonlyMap<string, number>;
}

const UNFINISHED = `SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL) + (SELECT count(*) FROM parked) AS n`;
const POSITIONS = `SELECT topic, part, next FROM consumer_offset`;
/** Heartbeats go by time and not by payments, so they are no part of the shape. */
const ROWS = `
  SELECT relname, n_tup_ins + n_tup_upd + n_tup_del AS n FROM pg_stat_user_tables WHERE relname <> 'outbox_owner'`;
const BYTES = `SELECT topic, sum(octet_length(records))::bigint AS n FROM outbox GROUP BY topic`;
/** An idle backend tells its row counts after ten seconds at the latest. */
const STATISTICS_AFTER_MS = 10_500;

/** Looks at a site from outside, with connections of its own. */
export class SiteWatch {
  private constructor(
    private readonly site: Site,
    private readonly databases: Readonly<Record<ServiceName, Database>>,
    private readonly admin: Admin,
  ) {}

  static async open(site: Site): Promise<SiteWatch> {
    const open = (service: ServiceName): Promise<Database> =>
      Database.connect({ url: site.databases[service].ownerUrl, applicationName: 'bench-watch', poolSize: 1 });
    const opened = await Promise.all(SERVICES.map(open));
    const databases = Object.fromEntries(SERVICES.map((name, at) => [name, opened[at]!]));
    const kafka = new Kafka({ clientId: 'bench-watch', brokers: [...site.brokers], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    return new SiteWatch(site, databases as Record<ServiceName, Database>, admin);
  }

  database(service: ServiceName): Database {
    return this.databases[service];
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
    await Promise.all(Object.values(this.databases).map((database) => database.close()));
  }

  /** Waits until nothing is under way: lag, outbox, parked and unstored audit are zero. Epoch milliseconds of that. */
  async drained(withinMs: number): Promise<number> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const rest = await this.underWay();
      const at = Date.now();
      if (rest === null) return at;
      if (performance.now() > deadline) throw new Error(`not drained in ${withinMs / 1000} s: ${rest}`);
      await pause(POLL_MS);
    }
  }

  /** The cheapest question first; what still is under way, or null. */
  private async underWay(): Promise<string | null> {
    for (const service of SERVICES) {
      const [row] = await this.databases[service].query<{ n: bigint }>(UNFINISHED, [], 'bench-unfinished');
      if (row!.n > 0n) return `${row!.n} outbox rows and parked records of ${service}`;
    }
    const lag = await this.lag();
    if (lag > 0) return `lag of ${lag} records`;
    const unstored = await this.unstoredAudit();
    return unstored === 0 ? null : `${unstored} audit records that are not stored`;
  }

  private async lag(): Promise<number> {
    const ends = await this.ends();
    let lag = 0;
    for (const service of SERVICES) {
      const positions = await this.databases[service].query<{ topic: string; part: number; next: bigint }>(POSITIONS);
      for (const { topic, part, next } of positions) lag += Math.max(0, (ends.get(topic)?.[part] ?? 0) - Number(next));
    }
    return lag;
  }

  private async unstoredAudit(): Promise<number> {
    let numbered = 0n;
    for (const service of SERVICES) {
      const [row] = await this.databases[service].query<{ n: bigint }>(
        'SELECT coalesce(sum(last_sequence), 0)::bigint AS n FROM audit_stream',
      );
      numbered += row!.n;
    }
    const [stored] = await this.databases.compliance.query<{ n: bigint }>('SELECT count(*) AS n FROM audit_log');
    return Number(numbered - stored!.n);
  }

  /** Where each partition of each topic ends. */
  private async ends(): Promise<Map<string, number[]>> {
    const ends = new Map<string, number[]>();
    for (const topic of this.site.topics.keys()) {
      const offsets = await this.admin.fetchTopicOffsets(`${this.site.topicPrefix}${topic}`);
      const list: number[] = [];
      for (const { partition, high } of offsets) list[partition] = Number(high);
      ends.set(topic, list);
    }
    return ends;
  }

  /** Waits until PostgreSQL's counters are complete. */
  async traffic(): Promise<Traffic> {
    await pause(STATISTICS_AFTER_MS);
    const ends = await this.ends();
    const records = new Map([...ends].map(([topic, list]) => [topic, list.reduce((sum, end) => sum + end, 0)]));
    const rows = new Map<string, number>();
    const bytes = new Map<string, number>();
    for (const service of SERVICES) {
      for (const { topic, n } of await this.databases[service].query<{ topic: string; n: bigint }>(BYTES))
        bytes.set(topic, Number(n));
      for (const { relname, n } of await this.databases[service].query<{ relname: string; n: bigint }>(ROWS))
        rows.set(`${service} ${relname.replace(/^outbox_\d{8}$/, 'outbox')}`, Number(n));
    }
    return { records, bytes, rows };
  }
}

/** What went through per payment between two looks. */
export function perPayment(before: Traffic, after: Traffic, payments: number): Traffic {
  const difference = (from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>): Map<string, number> =>
    new Map([...to].map(([name, n]) => [name, (n - (from.get(name) ?? 0)) / payments]));
  return {
    records: difference(before.records, after.records),
    bytes: difference(before.bytes, after.bytes),
    rows: difference(before.rows, after.rows),
  };
}
