import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Pool } from 'pg';
import { type CrashInstallation, SERVICES, type ServiceName, SIMULATOR } from './installation';

/** Whose database is looked into. */
type Place = ServiceName | typeof SIMULATOR;

/** Looks from outside, with connections that can write nothing; an outage under a look is the caller's to bear. */
export class Reader {
  private constructor(
    private readonly pools: ReadonlyMap<string, Pool>,
    private readonly admin: Admin,
    private readonly installation: CrashInstallation,
  ) {}

  static async open(installation: CrashInstallation): Promise<Reader> {
    const open = (service: Place): Pool => {
      const options = '-c default_transaction_read_only=on -c statement_timeout=20000 -c TimeZone=UTC';
      const connectionString = installation.databases[service]?.runtimeUrl;
      const pool = new Pool({ connectionString, options, max: 2, application_name: 'judge' });
      return pool.on('error', () => undefined);
    };
    const { brokers } = installation;
    const kafka = new Kafka({ clientId: 'judge', brokers, logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const places: Place[] = [...SERVICES, SIMULATOR];
    return new Reader(new Map(places.map((name) => [name, open(name)])), admin, installation);
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }

  async rows<T extends object>(service: Place, sql: string): Promise<T[]> {
    return (await this.pools.get(service)!.query<T>(sql)).rows;
  }

  async count(service: Place, sql: string): Promise<number> {
    const [row] = await this.rows<{ n: string }>(service, sql);
    return Number(row?.n ?? 0);
  }

  /** Records that no reader has taken yet, by service. */
  async lag(): Promise<Map<ServiceName, number>> {
    const lags = new Map<ServiceName, number>();
    const ends = new Map<string, Map<number, number>>();
    for (const service of SERVICES) {
      const held = await this.rows<{ topic: string; part: number; next: string }>(
        service,
        'SELECT topic, part, next FROM consumer_offset',
      );
      let lag = 0;
      for (const { topic, part, next } of held) {
        const name = `${this.installation.topicPrefix}${topic}`;
        if (!ends.has(name)) ends.set(name, await this.endsOf(name));
        lag += Math.max(0, (ends.get(name)?.get(part) ?? 0) - Number(next));
      }
      lags.set(service, lag);
    }
    return lags;
  }

  /** A read of a service's internal side. */
  async ask<T>(instance: string, path: string): Promise<T> {
    const headers = { authorization: `Bearer ${this.installation.internalToken}` };
    const response = await fetch(`${this.installation.urlOf(instance)}${path}`, { headers });
    if (!response.ok) throw new Error(`${instance}${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  private async endsOf(topic: string): Promise<Map<number, number>> {
    const offsets = await this.admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  }
}
