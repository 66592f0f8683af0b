import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { drawFreePorts, LocalRuntime, type RuntimePorts } from '@gateway/local-runtime';

jest.setTimeout(120_000);

const TOPIC = { topic: 'runtime.test.v1', partitions: 3 };

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('the local runtime', () => {
  let dataDir: string;
  let ports: RuntimePorts;
  let runtime: LocalRuntime;

  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-runtime-'));
    chmodSync(dataDir, 0o711);
    const [postgres = 0, kafka = 0, kafkaController = 0] = await drawFreePorts(3);
    ports = { postgres, kafka, kafkaController };
    runtime = LocalRuntime.open({ dataDir, ports });
    await runtime.up();
  });

  afterAll(async () => {
    await runtime.down();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('commits durably: fsync and synchronous commit are on', async () => {
    const [row] = await query(
      runtime.databaseUrl,
      "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit",
    );
    expect(row).toEqual({ fsync: 'on', commit: 'on' });
  });

  it('gives a service a database with two roles, of which the runtime role cannot change the schema', async () => {
    const { routing } = await runtime.ensureServiceDatabases(['routing']);
    await query(routing?.ownerUrl ?? '', 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
    await expect(query(routing?.runtimeUrl ?? '', 'CREATE TABLE other (id int)')).rejects.toThrow(/permission denied/);
    await expect(query(routing?.runtimeUrl ?? '', 'SELECT * FROM kept')).rejects.toThrow(/permission denied/);
  });

  it('keeps one service out of the database of another', async () => {
    const made = await runtime.ensureServiceDatabases(['routing', 'compliance']);
    const foreign = new URL(made.compliance?.runtimeUrl ?? '');
    foreign.pathname = '/routing';
    await expect(query(foreign.toString(), 'SELECT 1')).rejects.toThrow(/permission denied/);
  });

  it('makes topics once, and refuses one with another number of partitions', async () => {
    expect(await runtime.ensureTopics([TOPIC])).toEqual({ created: [TOPIC.topic] });
    expect(await runtime.ensureTopics([TOPIC])).toEqual({ created: [] });
    await expect(runtime.ensureTopics([{ ...TOPIC, partitions: 4 }])).rejects.toThrow(
      /has 3 partitions, its contract says 4/,
    );
  });

  it('takes over what runs on its own data folder', async () => {
    const before = await runtime.status();
    const said: string[] = [];
    await LocalRuntime.open({ dataDir, ports, say: (line) => said.push(line) }).up();
    expect(said.sort()).toEqual(['Apache Kafka was running', 'PostgreSQL was running']);
    expect(await runtime.status()).toEqual(before);
  });

  it('refuses ports that the runtime of another data folder holds', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'gateway-runtime-other-'));
    chmodSync(other, 0o711);
    const stranger = LocalRuntime.open({ dataDir: other, ports });
    await expect(stranger.startPostgres()).rejects.toThrow(`Port ${ports.postgres} (PostgreSQL)`);
    await expect(stranger.startKafka()).rejects.toThrow(/GATEWAY_KAFKA_PORT/);
    rmSync(other, { recursive: true });
  });

  it('loses nothing when broker and database are killed', async () => {
    const { kafka } = await runtime.status();
    await Promise.all([runtime.killKafka(), runtime.killPostgres()]);
    expect([runtime.isKafkaAlive(), runtime.isPostgresAlive()]).toEqual([false, false]);
    await runtime.up();
    expect((await runtime.status()).kafka.clusterId).toBe(kafka.clusterId);
    expect(await runtime.ensureTopics([TOPIC])).toEqual({ created: [] });
    const { routing } = await runtime.ensureServiceDatabases(['routing']);
    expect(await query(routing?.ownerUrl ?? '', 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });

  it('is another cluster after the broker has lost its data', async () => {
    const before = await runtime.status();
    await runtime.loseKafkaData();
    await runtime.startKafka();
    const after = await runtime.status();
    expect(after.kafka.clusterId).not.toBe(before.kafka.clusterId);
    expect(await runtime.ensureTopics([TOPIC])).toEqual({ created: [TOPIC.topic] });
  });

  it('stops completely: both ports are free again', async () => {
    await runtime.down();
    for (const port of [ports.postgres, ports.kafka]) {
      const server = createServer();
      await new Promise<void>((listening, failed) => server.once('error', failed).listen(port, '127.0.0.1', listening));
      await new Promise((closed) => server.close(closed));
    }
  });
});
