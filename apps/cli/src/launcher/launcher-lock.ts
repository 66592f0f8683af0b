import { openSync, closeSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { RuntimeRefusal, waitUntil } from '@gateway/local-runtime';
import { isLauncherAlive } from './state-file';

/** A launcher that is stopping is gone within this time. */
const STOPPING_MS = 20_000;

/** One launcher per data folder. */
export class LauncherLock {
  private readonly file: string;

  constructor(dataDir: string) {
    this.file = path.join(dataDir, 'launcher.pid');
  }

  /** The pid of the launcher that holds the folder, while it lives. */
  holder(): number | undefined {
    try {
      const pid = Number(readFileSync(this.file, 'utf8'));
      return pid > 0 && isLauncherAlive(pid) ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  /** Takes the folder; waits for a launcher that is stopping, refuses beside one that runs. */
  async take(isStopping: () => boolean): Promise<void> {
    if (this.holder() !== undefined && isStopping()) await waitUntil(() => this.holder() === undefined, STOPPING_MS);
    const holder = this.holder();
    if (holder !== undefined)
      throw new RuntimeRefusal(
        `The gateway already runs from this folder (process ${holder}): "npm run gw -- status" shows it, "npm run gw -- down" stops it.`,
      );
    rmSync(this.file, { force: true });
    try {
      const file = openSync(this.file, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
    } catch {
      throw new RuntimeRefusal('Another start of the gateway from this folder is under way.');
    }
  }

  release(): void {
    rmSync(this.file, { force: true });
  }
}
