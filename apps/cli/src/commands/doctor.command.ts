import { spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isPortFree, isReachableForDatabase, kafkaJarFolder, makeDataFolder } from '@gateway/local-runtime';
import type { CliConfig } from '../cli.config';
import { LauncherLock } from '../launcher/launcher-lock';
import { findServices, portVariableOf } from '../launcher/service-manifest';
import type { Terminal } from '../terminal';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

const NEEDED_BYTES = 1_500_000_000;

/** Looks at all that a start needs, and says for each what to do where it is not so. Exit code 0 only if all is well. */
export async function doctor(config: CliConfig, terminal: Terminal): Promise<void> {
  makeDataFolder(config.dataDir);
  const findings = [
    nodeVersion(),
    ...kafkaNeeds(config),
    dataFolder(config),
    room('disk', freeDisk(config)),
    room('memory', os.freemem()),
    ...(await ports(config)),
  ];
  const ok = findings.every((finding) => finding.ok);
  if (!ok) process.exitCode = 1;
  const lines = findings.map((finding) => {
    const mark = finding.ok ? terminal.paint('green', 'ok  ') : terminal.paint('red', 'FAIL');
    return `${mark}  ${finding.check.padEnd(34)}${finding.detail}`;
  });
  terminal.answer({ ok, findings }, lines.join('\n'));
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return {
    check: 'Node',
    ok: major > 20 || (major === 20 && minor >= 19),
    detail: `${process.versions.node} (20.19 or newer is needed)`,
  };
}

function kafkaNeeds(config: CliConfig): Finding[] {
  if (config.kafkaBrokers) return [{ check: 'Kafka', ok: true, detail: `external: ${config.kafkaBrokers}` }];
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(`${java.stderr ?? ''}`)?.[1] ?? 0);
  const jars = existsSync(kafkaJarFolder(config.projectDir));
  const maven = jars || spawnSync('mvn', ['-v']).status === 0;
  return [
    {
      check: 'Java',
      ok: version >= 17,
      detail: version === 0 ? 'missing: apt install openjdk-17-jre-headless' : `${version} (17 or newer is needed)`,
    },
    {
      check: 'Kafka',
      ok: maven,
      detail: jars ? 'its jars are here' : maven ? 'will be fetched by Maven' : 'Maven is missing: apt install maven',
    },
  ];
}

function dataFolder(config: CliConfig): Finding {
  const reachable = isReachableForDatabase(
    config.dataDir.startsWith(config.projectDir) ? config.projectDir : path.dirname(config.dataDir),
  );
  return {
    check: 'Data folder',
    ok: reachable,
    detail: reachable
      ? config.dataDir
      : `${config.dataDir} cannot be reached by PostgreSQL's user: choose another with GATEWAY_DATA`,
  };
}

function freeDisk(config: CliConfig): number {
  const { bavail, bsize } = statfsSync(config.dataDir);
  return bavail * bsize;
}

function room(what: string, bytes: number): Finding {
  return {
    check: `Free ${what}`,
    ok: bytes > NEEDED_BYTES,
    detail: `${Math.round(bytes / 1_000_000)} MB (${NEEDED_BYTES / 1_000_000} are needed)`,
  };
}

async function ports(config: CliConfig): Promise<Finding[]> {
  if (new LauncherLock(config.dataDir).holder() !== undefined)
    return [{ check: 'Ports', ok: true, detail: 'held by the running gateway' }];
  const wanted: [string, number, string][] = findServices(config.projectDir, config.environment).map(
    ({ name, port }) => [name, port, portVariableOf(name)],
  );
  if (!config.databaseUrl) wanted.push(['PostgreSQL', config.ports.postgres, 'GATEWAY_POSTGRES_PORT']);
  if (!config.kafkaBrokers)
    wanted.push(
      ['Kafka', config.ports.kafka, 'GATEWAY_KAFKA_PORT'],
      ["Kafka's controller", config.ports.kafkaController, 'GATEWAY_KAFKA_CONTROLLER_PORT'],
    );
  return Promise.all(
    wanted.map(async ([name, port, variable]) => {
      const free = await isPortFree(port);
      return {
        check: `Port ${port} (${name})`,
        ok: free,
        detail: free ? 'free' : `taken by another program: choose another with ${variable}`,
      };
    }),
  );
}
