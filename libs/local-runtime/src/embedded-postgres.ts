import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseIdentity } from './data-folder';
import { type FinishedCommand, isRunning, runCommand, signal, waitUntil } from './operating-system-process';
import { demandFreePort, isPortFree, LOOPBACK } from './ports';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries';
import { RuntimeRefusal } from './refusal';

/** The superuser of the embedded cluster; services never use it. */
export const SUPERUSER = 'gateway';

/**
 * Durable as in production (fsync and synchronous_commit stay on), sized for a laptop: the write-ahead log is what the
 * load strains, so it is compressed and checkpoints are spread.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: LOOPBACK,
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  wal_compression: 'on',
  max_wal_size: '4GB',
  checkpoint_completion_target: '0.9',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m,%d,%u:',
  // After a kill every file is made durable before recovery: by one call where the system has it, not file by file.
  ...(process.platform === 'linux' && { recovery_init_sync_method: 'syncfs' }),
};

/** A killed postmaster's zombie may stay for a second or two, and PostgreSQL believes its lock file: so long we try. */
const START_ATTEMPTS = 40;
const START_PAUSE_MS = 250;

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly logFile: string;
  readonly port: number;
  readonly password: () => string;
}

/** One PostgreSQL cluster of our own, run through pg_ctl, outliving the process that started it. */
export class EmbeddedPostgres {
  private readonly identity = databaseIdentity();
  private readonly clusterDir: string;
  private found?: PostgresBinaries;

  constructor(private readonly options: EmbeddedPostgresOptions) {
    this.clusterDir = path.join(options.dataDir, 'postgres');
  }

  /** The superuser's address of the maintenance database. */
  get url(): string {
    return `postgres://${SUPERUSER}:${this.options.password()}@${LOOPBACK}:${this.options.port}/postgres`;
  }

  /** Starts the cluster, or takes over the one that runs on this very data directory. */
  async start(): Promise<'started' | 'adopted'> {
    if (this.runningPid() !== undefined && (await this.isServing())) return 'adopted';
    if (this.runningPid() !== undefined) await this.stop();
    await demandFreePort(this.options.port, 'PostgreSQL', 'GATEWAY_POSTGRES_PORT');
    if (!existsSync(path.join(this.clusterDir, 'PG_VERSION'))) await this.initialise();
    await this.startServer();
    return 'started';
  }

  /** Ends it cleanly: open connections are closed, nothing that was committed is lost. */
  async stop(): Promise<void> {
    if (this.runningPid() === undefined) return;
    const stop = await this.pgCtl(['stop', '-m', 'fast', '-w', '-t', '20']);
    if (stop.code !== 0) await this.pgCtl(['stop', '-m', 'immediate', '-w', '-t', '10']);
  }

  /** Ends the postmaster as a power cut would; its workers notice and end too. */
  async kill(): Promise<void> {
    const pid = this.runningPid();
    if (pid === undefined) return;
    signal(pid, 'SIGKILL');
    await waitUntil(() => isPortFree(this.options.port), 10_000);
  }

  /** The postmaster's process id, while it runs on our data directory. */
  runningPid(): number | undefined {
    const pid = Number(this.pidFileLines()[0]);
    return Number.isInteger(pid) && pid > 0 && isRunning(pid) ? pid : undefined;
  }

  /** A running cluster on another port than ours now is (configuration changed) or one that does not accept is restarted. */
  private async isServing(): Promise<boolean> {
    if (Number(this.pidFileLines()[3]) !== this.options.port) return false;
    return waitUntil(
      async () => this.pidFileLines()[7]?.trim() === 'ready' && !(await isPortFree(this.options.port)),
      10_000,
    );
  }

  /** postmaster.pid: pid, data directory, start time, port, socket directory, address, shared memory, state. */
  private pidFileLines(): string[] {
    try {
      return readFileSync(path.join(this.clusterDir, 'postmaster.pid'), 'utf8').split('\n');
    } catch {
      return [];
    }
  }

  private async initialise(): Promise<void> {
    mkdirSync(this.clusterDir, { recursive: true });
    this.giveToDatabase(this.clusterDir);
    chmodSync(this.clusterDir, 0o700);
    const passwordFile = path.join(this.options.dataDir, 'initdb-password');
    writeFileSync(passwordFile, `${this.options.password()}\n`, { mode: 0o600 });
    this.giveToDatabase(passwordFile);
    const how = [
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ];
    const made = await this.run(this.binaries.initdb, ['-D', this.clusterDir, '-U', SUPERUSER, ...how]);
    unlinkSync(passwordFile);
    if (made.code !== 0)
      throw new RuntimeRefusal(`PostgreSQL's data folder could not be made: ${lastLine(made.output)}`);
  }

  private async startServer(): Promise<void> {
    if (!existsSync(this.options.logFile)) writeFileSync(this.options.logFile, '');
    this.giveToDatabase(this.options.logFile);
    const settings = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}='${value}'`);
    const options = [`-p ${this.options.port}`, ...settings].join(' ');
    for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      const start = await this.pgCtl(['start', '-w', '-t', '60', '-l', this.options.logFile, '-o', options], true);
      if (start.code === 0) return;
      await sleep(START_PAUSE_MS);
    }
    throw new RuntimeRefusal(
      `PostgreSQL did not start: ${lastLine(readFileSync(this.options.logFile, 'utf8'))} (${this.options.logFile})`,
    );
  }

  private pgCtl(args: readonly string[], discardOutput = false): Promise<FinishedCommand> {
    const [verb = '', ...rest] = args;
    return this.run(this.binaries.pgCtl, [verb, '-D', this.clusterDir, ...rest], discardOutput);
  }

  private run(command: string, args: readonly string[], discardOutput = false): Promise<FinishedCommand> {
    const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
    return runCommand(command, args, { ...this.identity, env, discardOutput });
  }

  private giveToDatabase(target: string): void {
    if ('uid' in this.identity) chownSync(target, this.identity.uid, this.identity.gid);
  }

  private get binaries(): PostgresBinaries {
    this.found ??= findPostgresBinaries(this.options.dataDir);
    return this.found;
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
