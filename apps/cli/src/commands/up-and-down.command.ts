import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isRunning, makeDataFolder, RuntimeRefusal, signal, waitUntil } from '@gateway/local-runtime';
import type { CliConfig } from '../cli.config';
import { LauncherLock } from '../launcher/launcher-lock';
import { StateFile } from '../launcher/state-file';
import type { Terminal } from '../terminal';
import { status } from './status.command';

const UP_MS = 180_000;
/** A clean stop takes 15 seconds at most. */
const DOWN_MS = 30_000;
const POLL_MS = 200;

/** Starts everything in the background and returns when it is ready. */
export async function up(config: CliConfig, terminal: Terminal): Promise<void> {
  makeDataFolder(config.dataDir);
  const state = new StateFile(config.dataDir);
  if (new LauncherLock(config.dataDir).holder() === undefined) {
    const log = path.join(config.dataDir, 'logs', 'launcher.log');
    const pid = launchDetached(log);
    const settled = (): boolean =>
      !isRunning(pid) || (state.read()?.launcher.pid === pid && state.read()?.state === 'ready');
    await waitUntil(settled, UP_MS, POLL_MS);
    if (!isRunning(pid))
      throw new RuntimeRefusal(`The gateway did not start: ${readFileSync(log, 'utf8').trimEnd().split('\n').at(-1)}`);
  }
  await status(config, terminal);
}

function launchDetached(logFile: string): number {
  const log = openSync(logFile, 'w');
  const script = process.argv[1] as string;
  const child = spawn(process.execPath, [script, 'start', '--no-demo'], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new RuntimeRefusal('The launcher could not be started.');
  return child.pid;
}

/** Stops what `up` or `npm start` has started. */
export async function down(config: CliConfig, terminal: Terminal): Promise<void> {
  const pid = new LauncherLock(config.dataDir).holder();
  if (pid === undefined) return terminal.answer({ stopped: false, running: false }, 'The gateway does not run.');
  signal(pid, 'SIGTERM');
  if (!(await waitUntil(() => !isRunning(pid), DOWN_MS, POLL_MS))) {
    throw new Error(`The launcher (process ${pid}) has not ended within ${DOWN_MS / 1000} s.`);
  }
  terminal.answer({ stopped: true, running: false }, 'Stopped.');
}
