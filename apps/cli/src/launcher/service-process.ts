import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { commandLineOf, waitUntil } from '@gateway/local-runtime';
import { NODE_FLAGS } from './node-flags';

/** A crash is answered at once; a service that keeps crashing is given more and more rest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** After so long a life a crash counts as the first again. */
const STEADY_MS = 60_000;
/** A log of that size is put aside when the service is started again by a new launcher. */
const LOG_ASIDE_BYTES = 20_000_000;
const HEALTH_TIMEOUT_MS = 2_000;

export interface ServiceProcessOptions {
  readonly name: string;
  readonly script: string;
  readonly url: string;
  readonly logFile: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Rest before the first start after a crash; half a second unless told. */
  readonly firstPauseMs?: number;
  /** Told of every crash. */
  readonly onCrash: (line: string) => void;
  /** Told when it has a process again. */
  readonly onLaunch: () => void;
}

/** One service as a child: it ends when our channel to it closes, and is started again when it crashes. */
export class ServiceProcess {
  restarts = 0;
  private child?: ChildProcess;
  private stopping = false;
  private pauseMs: number;
  private retry?: NodeJS.Timeout;

  constructor(private readonly options: ServiceProcessOptions) {
    this.pauseMs = this.firstPauseMs;
  }

  get name(): string {
    return this.options.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    putLogAside(this.options.logFile);
    this.launch();
  }

  /** One look at /health/ready. */
  async isReady(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.options.url}/health/ready`, {
        signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
      });
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      return false;
    }
  }

  /** Asks it to stop; false when it had to be killed. */
  async stop(graceMs: number): Promise<boolean> {
    this.stopping = true;
    clearTimeout(this.retry);
    const child = this.child;
    if (!child) return true;
    child.kill('SIGTERM');
    const ended = await waitUntil(() => this.child === undefined, graceMs);
    if (!ended) await this.kill();
    return ended;
  }

  async kill(): Promise<void> {
    this.stopping = true;
    this.child?.kill('SIGKILL');
    await waitUntil(() => this.child === undefined, 2_000);
  }

  /** The end of its log, for a message about why it did not start. */
  lastWords(): string {
    return existsSync(this.options.logFile)
      ? readFileSync(this.options.logFile, 'utf8').trimEnd().split('\n').slice(-3).join('\n')
      : '';
  }

  /** Its own process group keeps the terminal's Ctrl-C from it: the launcher stops services in its own order. */
  private launch(): void {
    const log = openSync(this.options.logFile, 'a');
    const began = performance.now();
    const child = fork(this.options.script, [], {
      env: this.options.environment,
      execArgv: [...NODE_FLAGS],
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.child = child;
    this.options.onLaunch();
    child.once('error', () => undefined);
    child.once('exit', (code, signalName) => {
      this.child = undefined;
      if (!this.stopping) this.restart(performance.now() - began, String(signalName ?? code));
    });
  }

  private get firstPauseMs(): number {
    return this.options.firstPauseMs ?? FIRST_PAUSE_MS;
  }

  private restart(livedMs: number, how: string): void {
    if (livedMs > STEADY_MS) this.pauseMs = this.firstPauseMs;
    this.restarts += 1;
    this.options.onCrash(
      `${this.name} ended (${how}), starts again in ${this.pauseMs / 1000} s; its log: ${this.options.logFile}`,
    );
    this.retry = setTimeout(() => this.launch(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function putLogAside(file: string): void {
  if (existsSync(file) && statSync(file).size > LOG_ASIDE_BYTES) renameSync(file, `${file}.1`);
}

/** True while that pid is a service of this build: one that a killed launcher has left behind. */
export function isServiceOf(pid: number, script: string): boolean {
  return commandLineOf(pid)?.includes(script) ?? false;
}
