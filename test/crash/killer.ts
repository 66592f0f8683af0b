import { setTimeout as pause } from 'node:timers/promises';
import { signal } from '@gateway/local-runtime';
import { type CrashInstallation, REST_MS } from './installation';
import { SeededRandom } from './seeded-random';

const FIRST_AFTER_MS = 8_000;
const EVERY_MS = 6_000;
/** The last kill comes while there still is load. */
const LAST_BEFORE_END_MS = 2_000;
const SERVERS = ['Kafka', 'PostgreSQL'];

/** One SIGKILL. */
export interface Kill {
  readonly victim: string;
  /** Seconds of the load. */
  readonly at: number;
}

/**
 * Who is killed when: each instance, the broker and PostgreSQL once in seeded order, then again in another order while
 * the load lasts. Where there is not time for all, broker and PostgreSQL are among those that are killed.
 */
export function planKills(instances: readonly string[], seconds: number, seed: number): Kill[] {
  const random = new SeededRandom(seed);
  const count = 1 + Math.floor((seconds * 1000 - LAST_BEFORE_END_MS - FIRST_AFTER_MS) / EVERY_MS);
  const victims: string[] = [];
  while (victims.length < count) {
    const left = count - victims.length;
    const chosen = [...SERVERS, ...random.shuffle(instances)].slice(0, left);
    victims.push(...random.shuffle(chosen));
  }
  return victims.map((victim, at) => ({ victim, at: (FIRST_AFTER_MS + at * EVERY_MS) / 1000 }));
}

/** Kills by plan; what was killed is started again after a second. */
export class Killer {
  readonly done: Kill[] = [];
  /** By victim: it runs again. Who is still being started is killed once it runs. */
  private readonly restarts = new Map<string, Promise<void>>();
  private readonly failures: unknown[] = [];

  constructor(
    private readonly installation: CrashInstallation,
    private readonly say: (line: string) => void,
  ) {}

  /** Ends when the last victim runs again. */
  async run(plan: readonly Kill[]): Promise<void> {
    const began = performance.now();
    for (const kill of plan) {
      await pause(Math.max(0, began + kill.at * 1000 - performance.now()));
      this.say(`${kill.at} s: SIGKILL for ${kill.victim}`);
      const before = this.restarts.get(kill.victim) ?? Promise.resolve();
      const after = before.then(() => this.kill(kill.victim));
      this.restarts.set(
        kill.victim,
        after.catch((error: unknown) => void this.failures.push(error)),
      );
      this.done.push(kill);
    }
    await Promise.all(this.restarts.values());
    if (this.failures.length > 0) throw new AggregateError(this.failures, 'a victim could not be started again');
  }

  private async kill(victim: string): Promise<void> {
    const { runtime, instances } = this.installation;
    if (victim === 'PostgreSQL') {
      await runtime.killPostgres();
      await pause(REST_MS);
      return runtime.startPostgres();
    }
    if (victim === 'Kafka') {
      await runtime.killKafka();
      await pause(REST_MS);
      return runtime.startKafka();
    }
    // Its supervisor starts it again.
    const pid = instances.find(({ name }) => name === victim)?.process.pid;
    if (pid !== undefined) signal(pid, 'SIGKILL');
  }
}
