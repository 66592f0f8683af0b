import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { CrashInstallation } from './installation';
import type { Reader } from './reader';

const EVERY_MS = 2_000;
const OFF_BALANCE = `
  SELECT a.currency, sum(b.debits - b.credits)::text AS off FROM balance b JOIN account a USING (account_id)
  GROUP BY a.currency HAVING sum(b.debits - b.credits) <> 0`;
const OVER_LIMIT = `SELECT kind, subject FROM spending_limit WHERE reserved + greatest(used, 0) > ceiling`;

/** Looks at the running system between the kills: the books must balance at every moment, not only at the end. */
export class Watch {
  looks = 0;
  peakBytes = 0;
  readonly broken: string[] = [];
  private going = true;
  private ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly reader: Reader,
    private readonly installation: CrashInstallation,
  ) {}

  start(): void {
    this.ended = this.run();
  }

  async stop(): Promise<void> {
    this.going = false;
    await this.ended;
  }

  private async run(): Promise<void> {
    while (this.going) {
      this.peakBytes = Math.max(this.peakBytes, memoryOf(this.ownPids()));
      // While PostgreSQL is away there is nothing to see.
      await this.look().catch(() => undefined);
      await pause(EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    const off = await this.reader.rows<{ currency: string; off: string }>('fx-settlement', OFF_BALANCE);
    for (const { currency, off: by } of off) this.broken.push(`${currency} is off balance by ${by}`);
    const over = await this.reader.rows<{ kind: string; subject: string }>('fx-settlement', OVER_LIMIT);
    for (const { kind, subject } of over) this.broken.push(`the limit ${kind} of ${subject} is exceeded`);
    this.looks++;
  }

  private ownPids(): number[] {
    const { instances, simulator, runtime } = this.installation;
    const services = [...instances, simulator].map(({ process }) => process.pid);
    return [...services, ...Object.values(runtime.pids())].filter((pid) => pid !== undefined);
  }
}

/** Proportional memory of the processes and all below them, so that shared pages count once; 0 where it cannot be read. */
function memoryOf(roots: readonly number[]): number {
  if (process.platform !== 'linux') return 0;
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid)) parents.set(pid, parentOf(pid));
  }
  const isOurs = (pid: number): boolean => roots.includes(pid) || roots.includes(parents.get(pid) ?? 0);
  return [...parents.keys()].filter(isOurs).reduce((sum, pid) => sum + proportionalBytes(pid), 0);
}

function parentOf(pid: number): number {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function proportionalBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
