import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drawFreePorts } from '@gateway/local-runtime';
import { findServices, portVariableOf } from '../../../apps/cli/src/launcher/service-manifest';
import { until } from '../../e2e/support/until';

const project = path.resolve(__dirname, '..', '..', '..');
const MAIN = path.join(project, 'dist', 'apps', 'cli', 'src', 'main.js');
const PATIENCE_MS = 120_000;

/** What the launcher's state file says, as far as these tests need it. */
interface State {
  state: string;
  launcher: { pid: number };
  partner_api: { api_key: string };
  kafka: { pid?: number; cluster_id?: string };
  postgres: { pid?: number };
  services: Record<string, { url: string; pid?: number }>;
}

/** What a command said and how it ended. */
export interface Ended {
  code: number | null;
  said: string;
}

/** An installation of its own: data folder and ports that nobody else has, run from the build as `npm start` runs it. */
export class OwnInstallation {
  readonly folder = mkdtempSync('/var/tmp/gateway-launcher-');
  private readonly children: ChildProcess[] = [];

  private constructor(readonly environment: NodeJS.ProcessEnv) {
    // PostgreSQL started by root runs as nobody, who must reach its data.
    chmodSync(this.folder, 0o711);
  }

  static async open(): Promise<OwnInstallation> {
    const services = findServices(project, {}).map(({ name }) => portVariableOf(name));
    const runtime = ['GATEWAY_POSTGRES_PORT', 'GATEWAY_KAFKA_PORT', 'GATEWAY_KAFKA_CONTROLLER_PORT'];
    const variables = [...runtime, ...services];
    const ports = await drawFreePorts(variables.length);
    const inherited = { ...process.env };
    for (const name of Object.keys(inherited))
      if (/^(GATEWAY|KAFKA|DATABASE|TOPIC|TEST)_/.test(name)) delete inherited[name];
    return new OwnInstallation({
      ...inherited,
      ...Object.fromEntries(variables.map((name, index) => [name, String(ports[index])])),
    });
  }

  /** Starts the launcher; resolves when it has ended. */
  start(more: NodeJS.ProcessEnv = {}): { pid: number; ended: Promise<Ended> } {
    const child = spawn(process.execPath, [MAIN, 'start', '--no-demo'], {
      cwd: project,
      env: { ...this.environment, GATEWAY_DATA: this.folder, npm_lifecycle_event: '', ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, said })));
    return { pid: child.pid!, ended };
  }

  /** The state that this launcher has written, once it is ready. */
  untilReady(pid: number): Promise<State> {
    return until(
      `launcher ${pid} is ready`,
      async () => {
        const state = this.state();
        return state?.launcher.pid === pid && state.state === 'ready' ? state : null;
      },
      PATIENCE_MS,
    );
  }

  state(): State | undefined {
    try {
      return JSON.parse(readFileSync(path.join(this.folder, 'state.json'), 'utf8')) as State;
    } catch {
      return undefined;
    }
  }

  /** A PATH on which only these programs are found; a text is a program that prints it. */
  pathWith(programs: Record<string, string>): string {
    const bin = mkdtempSync(path.join(this.folder, 'bin-'));
    for (const [name, target] of Object.entries({ node: process.execPath, ...programs })) {
      const file = path.join(bin, name);
      if (path.isAbsolute(target)) symlinkSync(target, file);
      else writeFileSync(file, `#!/bin/sh\necho '${target}' >&2\n`, { mode: 0o755 });
    }
    return bin;
  }

  /** The set-up step in a clone that has nothing yet. */
  setUpFresh(searchPath: string): Ended {
    const clone = mkdtempSync(path.join(this.folder, 'clone-'));
    mkdirSync(path.join(clone, 'apps', 'cli'), { recursive: true });
    for (const file of ['package-lock.json', 'apps/cli/setup.mjs']) {
      writeFileSync(path.join(clone, file), readFileSync(path.join(project, file)));
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(clone, 'apps', 'cli', 'setup.mjs')], {
      env: { ...this.environment, PATH: searchPath },
      encoding: 'utf8',
    });
    return { code: status, said: `${stdout}${stderr}` };
  }

  async close(): Promise<void> {
    for (const child of this.children) if (child.exitCode === null) child.kill('SIGTERM');
    await until('every launcher has ended', async () => this.children.every(isOver), PATIENCE_MS);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** All processes of a running installation: services, broker, database. */
export function pidsOf({ services, kafka, postgres }: State): number[] {
  const pids = [...Object.values(services).map(({ pid }) => pid), kafka.pid, postgres.pid];
  return pids.filter((pid) => pid !== undefined);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
