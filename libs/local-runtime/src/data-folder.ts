import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** The account that PostgreSQL runs under when we are root, which it refuses to be. Every Unix has it. */
export const UNPRIVILEGED = { uid: 65534, gid: 65534 } as const;

/** The identity of PostgreSQL's processes: ours, or the unprivileged account when we are root. */
export function databaseIdentity(): { uid: number; gid: number } | Record<string, never> {
  return process.getuid?.() === 0 ? UNPRIVILEGED : {};
}

/**
 * The folder of everything that a local run keeps: databases, broker log, log files, secrets, state.
 * `.gateway` in the project, or a folder below /var/tmp when the account of PostgreSQL cannot reach the project
 * (a clone in root's home). GATEWAY_DATA overrides both.
 */
export function chooseDataFolder(projectDir: string, chosen: string | undefined): string {
  if (chosen) return path.resolve(chosen);
  if (isReachableForDatabase(projectDir)) return path.join(projectDir, '.gateway');
  return elsewhere(projectDir);
}

/** The place outside the project: same project, same folder. */
export function elsewhere(projectDir: string): string {
  const hash = createHash('sha256').update(path.resolve(projectDir)).digest('hex').slice(0, 12);
  return path.join('/var/tmp', `wallet-gateway-${hash}`);
}

/** Tried, not computed: mount options and access lists count too. */
export function isReachableForDatabase(target: string): boolean {
  const identity = databaseIdentity();
  if (!('uid' in identity)) return true;
  return (
    spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', target], { ...identity, cwd: '/' }).status === 0
  );
}

/** Makes a folder that PostgreSQL's account can pass through but not list. */
export function makeDataFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  mkdirSync(path.join(dataDir, 'logs'), { recursive: true, mode: 0o755 });
}

/** The folder of the project: the nearest one upwards that holds package.json and apps. */
export function findProjectFolder(from: string): string {
  for (let dir = path.resolve(from); ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, 'package.json')) && existsSync(path.join(dir, 'apps'))) return dir;
    if (dir === path.dirname(dir)) throw new Error(`No project folder above ${from}`);
  }
}
