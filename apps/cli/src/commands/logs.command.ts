import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CliConfig, UsageError } from '../cli.config';
import type { Terminal } from '../terminal';

/** How much of each log is shown before new lines are followed. */
const TAIL_BYTES = 4_000;
const FOLLOW_MS = 300;
/** One read takes at most so much; the rest comes with the next one. */
const CHUNK_BYTES = 1_000_000;

export interface LogsOptions {
  readonly follow?: boolean;
  readonly args?: readonly string[];
}

/** Shows the end of one log or of all, and with -f what comes. */
export async function logs(config: CliConfig, terminal: Terminal, options: LogsOptions): Promise<void> {
  const followed = chooseLogs(path.join(config.dataDir, 'logs'), options.args?.[0]).map(
    (file) => new FollowedLog(file),
  );
  const single = followed.length === 1;
  const show = (): void => {
    for (const log of followed) {
      for (const line of log.newLines())
        process.stdout.write(single ? `${line}\n` : `${terminal.paint('cyan', log.name.padEnd(14))} ${line}\n`);
    }
  };
  show();
  while (options.follow) {
    await sleep(FOLLOW_MS);
    show();
  }
}

function chooseLogs(dir: string, service: string | undefined): string[] {
  const known = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.log')) : [];
  if (service === undefined) return known.map((name) => path.join(dir, name));
  if (known.includes(`${service}.log`)) return [path.join(dir, `${service}.log`)];
  throw new UsageError(
    `There is no log of "${service}"; there are: ${known.map((name) => name.replace('.log', '')).join(', ')}`,
  );
}

/** Reads a growing file from near its end. */
class FollowedLog {
  readonly name: string;
  private position: number;
  private rest = '';

  constructor(private readonly file: string) {
    this.name = path.basename(file, '.log');
    const start = Math.max(0, statSync(file).size - TAIL_BYTES);
    this.position = start;
    this.read();
    // Beginning in the middle of a line: what is left of it is not shown.
    if (start > 0) this.rest = this.rest.slice(this.rest.indexOf('\n') + 1);
  }

  newLines(): string[] {
    this.read();
    const lines = this.rest.split('\n');
    this.rest = lines.pop() ?? '';
    return lines;
  }

  private read(): void {
    const size = statSync(this.file).size;
    if (size < this.position) this.position = 0;
    const buffer = Buffer.alloc(Math.min(size - this.position, CHUNK_BYTES));
    const handle = openSync(this.file, 'r');
    const count = readSync(handle, buffer, 0, buffer.length, this.position);
    closeSync(handle);
    this.position += count;
    this.rest += buffer.toString('utf8', 0, count);
  }
}
