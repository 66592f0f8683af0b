import { setTimeout as pause } from 'node:timers/promises';
import { readMachine } from './cpu';

/** A run beside more than this of other work is called disturbed. */
export const DISTURBED_CORES = 0.15;
/** Our own servers and services idle below this. */
const QUIET_CORES = 0.35;
const SAMPLE_MS = 3_000;

/** Waits until the machine has little else to do, but not for ever. Answers the cores in use at the end. */
export async function untilQuiet(patienceMs: number, say: (line: string) => void): Promise<number> {
  const deadline = performance.now() + patienceMs;
  for (let told = false; ; told = true) {
    const before = readMachine();
    await pause(SAMPLE_MS);
    const after = readMachine();
    const cores = (after.busyUs - before.busyUs + after.stolenUs - before.stolenUs) / 1_000 / SAMPLE_MS;
    if (cores < QUIET_CORES || performance.now() > deadline) return cores;
    if (!told) say('  waiting for the machine to come to rest ...');
  }
}
