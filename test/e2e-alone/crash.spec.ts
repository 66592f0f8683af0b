import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ALL_INVARIANTS, reportOf } from '../crash/report';
import { type CrashRun, playCrashRun } from '../crash/run';

const SECONDS = Number(process.env.CRASH_SECONDS ?? 60);
const SEED = Number(process.env.CRASH_SEED ?? randomInt(1, 1_000_000));

jest.setTimeout(SECONDS * 1_000 + 480_000);

describe('two instances of each service, killed one after the other under load', () => {
  let run: CrashRun | undefined;
  const began = performance.now();
  const say = (line: string): void => {
    process.stderr.write(`${String(Math.round((performance.now() - began) / 1_000)).padStart(5)} s  ${line}\n`);
  };

  beforeAll(async () => {
    say(`seed ${SEED}`);
    run = await playCrashRun({ seed: SEED, seconds: SECONDS, say });
  });

  afterAll(async () => {
    if (run === undefined) return;
    const report = reportOf(run);
    const { installation, evidence } = run;
    const isBroken = ALL_INVARIANTS.some(({ check }) => check(evidence).length > 0);
    await installation.stop(isBroken || process.env.CRASH_KEEP === '1');
    process.stderr.write(`\n${report}\n`);
    if (process.env.CRASH_REPORT) writeFileSync(process.env.CRASH_REPORT, report);
  });

  it.each(ALL_INVARIANTS)('$name', ({ check }) => {
    expect(check(run!.evidence).slice(0, 20)).toEqual([]);
  });
});
