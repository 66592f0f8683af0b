import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import type { GatewayStatus } from './gateway';
import { until } from './until';

/** Something that must not be found, and every form in which it could lie somewhere. */
export interface Needle {
  what: string;
  forms: string[];
}

/** A text as it is, in hexadecimal (as PostgreSQL shows bytes), in base64 at each of its three places, and in a URL. */
export function needleOf(what: string, secret: string): Needle {
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from(`${'\0'.repeat(shift)}${secret}`)
      .toString('base64')
      // The first and last characters depend on what stands beside the secret.
      .slice(shift === 0 ? 0 : 4, -4),
  );
  const forms = [secret, Buffer.from(secret).toString('hex'), encodeURIComponent(secret), ...base64];
  return { what, forms: [...new Set(forms)] };
}

/** What was looked at, so that a scan of nothing is no proof, and every place where something was found. */
export interface Scan {
  looked: Record<string, number>;
  found: string[];
}

/** All records of all topics of the installation: keys, values and headers. */
export async function scanTopics(
  { kafka: { brokers, topic_prefix: prefix } }: GatewayStatus,
  needles: Needle[],
): Promise<Scan> {
  const kafka = new Kafka({ clientId: 'leak-scan', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix) && !topic.startsWith('__'));
  const ends = new Map<string, bigint>();
  const scan: Scan = { looked: {}, found: [] };
  for (const topic of topics) {
    scan.looked[topic] = 0;
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) ends.set(`${topic} ${partition}`, BigInt(high));
    }
  }
  const consumer = kafka.consumer({ groupId: `${prefix}leak-scan-${randomBytes(4).toString('hex')}` });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message: { key, value, headers, offset } }) => {
      const text = [key, value, ...Object.values(headers ?? {})]
        .map((part) => part?.toString('latin1') ?? '')
        .join('\n');
      scan.found.push(...hits(text, needles, `topic ${topic}`));
      scan.looked[topic]! += 1;
      if (BigInt(offset) + 1n >= (ends.get(`${topic} ${partition}`) ?? 0n)) ends.delete(`${topic} ${partition}`);
    },
  });
  try {
    await until('every topic is read to its end', async () => ends.size === 0);
  } finally {
    await consumer.disconnect();
    await admin.disconnect();
  }
  return scan;
}

/** All files that the services, the broker and the database have logged to. */
export function scanLogs({ logs }: GatewayStatus, needles: Needle[]): Scan {
  const scan: Scan = { looked: {}, found: [] };
  for (const file of readdirSync(logs)) {
    const text = readFileSync(path.join(logs, file), 'latin1');
    scan.looked[file] = text.length;
    scan.found.push(...hits(text, needles, `log ${file}`));
  }
  return scan;
}

/** All rows of all tables of a service's database, whatever its role may read. */
export async function scanTables(status: GatewayStatus, service: string, needles: Needle[]): Promise<Scan> {
  const url = new URL(status.postgres.admin_url);
  url.pathname = new URL(status.services[service]!.database_url).pathname;
  const client = new Client({ connectionString: url.toString() });
  await client.connect();
  const scan: Scan = { looked: {}, found: [] };
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', nspname, relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    for (const { name } of tables) {
      const { rows } = await client.query<{ rows: string; form: string | null }>(
        `SELECT (SELECT count(*) FROM ${name}) AS rows, f.form
           FROM (SELECT 1) AS always
           LEFT JOIN unnest($1::text[]) AS f (form)
             ON EXISTS (SELECT 1 FROM ${name} AS t WHERE position(f.form IN t::text) > 0)`,
        [needles.flatMap(({ forms }) => forms)],
      );
      scan.looked[name] = Number(rows[0]?.rows ?? 0);
      const text = rows.map(({ form }) => form ?? '').join('\n');
      scan.found.push(...hits(text, needles, `table ${service} ${name}`));
    }
  } finally {
    await client.end();
  }
  return scan;
}

function hits(text: string, needles: Needle[], where: string): string[] {
  return needles
    .filter(({ forms }) => forms.some((form) => text.includes(form)))
    .map(({ what }) => `${what} in ${where}`);
}
