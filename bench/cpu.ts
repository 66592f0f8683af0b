import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** Linux counts processor time in ticks of 10 ms (USER_HZ is 100 on every architecture that Node runs on). */
const TICK_US = 10_000;

/** CPU in microseconds by part of the system: each service, `postgres <database>`, `postgres server`, `kafka`. */
export type CpuByPart = Map<string, number>;

/** What to count: pids of single processes by name, and the postmaster, whose children are counted too. */
export interface CountedProcesses {
  readonly single: ReadonlyMap<string, number>;
  readonly postmaster: number;
}

interface ProcessStat {
  readonly parent: number;
  /** utime + stime. */
  readonly ownUs: number;
  /** cutime + cstime: of children that have ended and been waited for. */
  readonly endedChildrenUs: number;
}

/** Reads utime and stime of every process from /proc/<pid>/stat, PostgreSQL's backends and workers included. */
export function readCpu({ single, postmaster }: CountedProcesses): CpuByPart {
  const parts: CpuByPart = new Map();
  for (const [name, pid] of single) parts.set(name, statOf(pid)?.ownUs ?? 0);
  const server = statOf(postmaster);
  if (server !== null) parts.set('postgres server', server.ownUs + server.endedChildrenUs);
  for (const pid of childrenOf(postmaster)) {
    const name = backendNameOf(pid);
    parts.set(name, (parts.get(name) ?? 0) + (statOf(pid)?.ownUs ?? 0));
  }
  return parts;
}

/** What was used between two readings. */
export function cpuBetween(before: CpuByPart, after: CpuByPart): CpuByPart {
  const names = new Set([...before.keys(), ...after.keys()]);
  return new Map([...names].map((name) => [name, (after.get(name) ?? 0) - (before.get(name) ?? 0)]));
}

export function totalOf(parts: CpuByPart): number {
  return [...parts.values()].reduce((sum, us) => sum + us, 0);
}

/** CPU of one process that is not counted with the system, like the load generator. */
export function cpuOf(pid: number): number {
  return statOf(pid)?.ownUs ?? 0;
}

/** CPU that the whole machine has used since it started, and what the hypervisor took from it; microseconds. */
export function readMachine(): { busyUs: number; stolenUs: number } {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = first.split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , interrupt = 0, softInterrupt = 0, stolen = 0] = ticks;
  return { busyUs: (user + nice + system + interrupt + softInterrupt) * TICK_US, stolenUs: stolen * TICK_US };
}

export function loadAverage(): number {
  return os.loadavg()[0] ?? 0;
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function statOf(pid: number): ProcessStat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks: fields are counted from behind it. There, field 0 is the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = (index: number): number => Number(fields[index] ?? 0);
    return {
      parent: ticks(1),
      ownUs: (ticks(11) + ticks(12)) * TICK_US,
      endedChildrenUs: (ticks(13) + ticks(14)) * TICK_US,
    };
  } catch {
    return null;
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parent === parent);
}

/** A backend's title is `postgres: <user> <database> <client> <state>`; all other children belong to the server. */
function backendNameOf(pid: number): string {
  try {
    const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const [, database] = /^postgres: \S+ (\S+) \d+\.\d+\.\d+\.\d+\(/.exec(title) ?? [];
    return database === undefined ? 'postgres server' : `postgres ${database}`;
  } catch {
    return 'postgres server';
  }
}
