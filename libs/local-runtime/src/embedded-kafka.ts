import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { prepareConsumerGroups, readClusterId } from './kafka-administration';
import {
  javaOptions,
  renderLoggingProperties,
  renderServerProperties,
  type RuntimeProfile,
} from './kafka-configuration';
import { kafkaClassPath } from './kafka-jars';
import { commandLineOf, endProcess, isRunning, runCommand, signal, waitUntil } from './operating-system-process';
import { demandFreePort, isPortFree, LOOPBACK } from './ports';
import { RuntimeRefusal } from './refusal';

const READY_MS = 60_000;
/** Controlled shutdown takes about two seconds; after this the broker is killed, which loses nothing acknowledged. */
const STOP_GRACE_MS = 6_000;
const PORTS_FREE_MS = 3_000;

export interface EmbeddedKafkaOptions {
  readonly dataDir: string;
  readonly logsDir: string;
  readonly jarFolder: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly profile: RuntimeProfile;
}

/** One Apache Kafka broker of our own: a process group of its own, outliving the process that started it. */
export class EmbeddedKafka {
  private readonly home: string;
  private readonly propertiesFile: string;
  private readonly pidFile: string;
  private readonly recordsDir: string;

  constructor(private readonly options: EmbeddedKafkaOptions) {
    this.home = path.join(options.dataDir, 'kafka');
    this.propertiesFile = path.join(this.home, 'server.properties');
    this.pidFile = path.join(this.home, 'kafka.pid');
    this.recordsDir = path.join(this.home, 'records');
  }

  get brokers(): string[] {
    return [`${LOOPBACK}:${this.options.port}`];
  }

  /** Starts the broker, or takes over the one that runs on this data directory under this cluster id. */
  async start(): Promise<'started' | 'adopted'> {
    if (await this.isServing()) return 'adopted';
    const stale = this.runningPid();
    if (stale !== undefined) await endProcess(stale, STOP_GRACE_MS);
    await this.untilPortsAreFree();
    await this.demandPorts();
    mkdirSync(this.recordsDir, { recursive: true });
    this.writeConfiguration();
    if (!existsSync(this.metaFile)) await this.format();
    await this.untilReady(this.launch());
    await prepareConsumerGroups(this.brokers);
    return 'started';
  }

  /** Ends it by controlled shutdown. */
  async stop(): Promise<void> {
    const pid = this.runningPid();
    if (pid !== undefined) await endProcess(pid, STOP_GRACE_MS);
    rmSync(this.pidFile, { force: true });
  }

  /** Ends it without warning, as an out-of-memory kill would. */
  async kill(): Promise<void> {
    const pid = this.runningPid();
    if (pid === undefined) return;
    signal(pid, 'SIGKILL');
    await waitUntil(() => !isRunning(pid), 10_000);
    await this.untilPortsAreFree();
  }

  /** Throws away everything the broker holds, its identity too: the next start makes another cluster. */
  async loseData(): Promise<void> {
    await this.kill();
    rmSync(this.recordsDir, { recursive: true, force: true });
  }

  /** Its process id, while a process with our configuration file in its command line runs under it. */
  runningPid(): number | undefined {
    const pid = existsSync(this.pidFile) ? Number(readFileSync(this.pidFile, 'utf8')) : NaN;
    if (!Number.isInteger(pid)) return undefined;
    return commandLineOf(pid)?.includes(this.propertiesFile) ? pid : undefined;
  }

  /** The cluster id that our records belong to. */
  clusterId(): string | undefined {
    if (!existsSync(this.metaFile)) return undefined;
    return /^cluster\.id=(.+)$/m.exec(readFileSync(this.metaFile, 'utf8'))?.[1];
  }

  private get metaFile(): string {
    return path.join(this.recordsDir, 'meta.properties');
  }

  private async isServing(): Promise<boolean> {
    if (this.runningPid() === undefined || this.clusterId() === undefined) return false;
    if (readFileSync(this.propertiesFile, 'utf8') !== this.renderProperties()) return false;
    return waitUntil(async () => (await readClusterId(this.brokers)) === this.clusterId(), 10_000);
  }

  /** A killed broker's sockets live a moment longer than its process id. */
  private async untilPortsAreFree(): Promise<void> {
    if (!existsSync(this.pidFile)) return;
    const { port, controllerPort } = this.options;
    await waitUntil(async () => (await isPortFree(port)) && (await isPortFree(controllerPort)), PORTS_FREE_MS);
  }

  private async demandPorts(): Promise<void> {
    await demandFreePort(this.options.port, 'Kafka', 'GATEWAY_KAFKA_PORT');
    await demandFreePort(this.options.controllerPort, "Kafka's controller", 'GATEWAY_KAFKA_CONTROLLER_PORT');
  }

  private renderProperties(): string {
    const { port, controllerPort } = this.options;
    return renderServerProperties({ port, controllerPort, logDir: this.recordsDir });
  }

  private writeConfiguration(): void {
    writeFileSync(this.propertiesFile, this.renderProperties());
    writeFileSync(this.loggingFile, renderLoggingProperties(path.join(this.options.logsDir, 'kafka.log')));
  }

  private get loggingFile(): string {
    return path.join(this.home, 'log4j2.properties');
  }

  private async format(): Promise<void> {
    const java = [
      '-Xmx128m',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      `-Dlog4j2.configurationFile=${this.loggingFile}`,
    ];
    const tool = [
      'kafka.tools.StorageTool',
      'format',
      '--ignore-formatted',
      '-t',
      newClusterId(),
      '-c',
      this.propertiesFile,
    ];
    const formatted = await runCommand('java', [...java, '-cp', kafkaClassPath(this.options.jarFolder), ...tool]);
    if (formatted.code === 0) return;
    throw new RuntimeRefusal(
      `Kafka's data folder could not be made: ${formatted.output.trim().split('\n').at(-1)} (needs Java 17 or newer)`,
    );
  }

  private launch(): number {
    const output = openSync(path.join(this.options.logsDir, 'kafka.out.log'), 'a');
    const java = javaOptions(this.options.profile, this.loggingFile);
    const args = [...java, '-cp', kafkaClassPath(this.options.jarFolder), 'kafka.Kafka', this.propertiesFile];
    const child = spawn('java', args, { cwd: '/', detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    child.once('error', () => undefined);
    child.unref();
    if (child.pid === undefined)
      throw new RuntimeRefusal('Java could not be started: install Java 17 or newer, or set KAFKA_BROKERS.');
    writeFileSync(this.pidFile, String(child.pid));
    return child.pid;
  }

  private async untilReady(pid: number): Promise<void> {
    const id = this.clusterId();
    // The machine is busy starting: look for the open port first, which costs nothing, then ask over the protocol.
    await waitUntil(async () => !isRunning(pid) || !(await isPortFree(this.options.port)), READY_MS, 100);
    await waitUntil(async () => !isRunning(pid) || (await readClusterId(this.brokers)) === id, READY_MS, 150);
    if (isRunning(pid) && (await readClusterId(this.brokers)) === id) return;
    throw new RuntimeRefusal(
      `Kafka did not start: see ${path.join(this.options.logsDir, 'kafka.log')} and kafka.out.log beside it.`,
    );
  }
}

/** Kafka's form of a UUID: 16 bytes in base64url; one that starts with a dash would read as an option. */
function newClusterId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}
