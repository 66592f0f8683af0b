import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ALL_INVARIANTS, reportOf } from './report';
import { type CrashRun, type CrashRunOptions, playCrashRun } from './run';

const SEED = Number(process.env.CRASH_SEED ?? randomInt(1, 1_000_000));
/** Starting, settling and judging beside the load itself. */
const BESIDES_MS = 480_000;

/** Plays a run before the tests of the suite, which are the judge's: one for each invariant. Its report comes last. */
export function describeJudgedRun(title: string, failing: CrashRunOptions['failing'], usualSeconds: number): void {
  const seconds = Number(process.env.CRASH_SECONDS ?? usualSeconds);
  describe(title, () => {
    let run: CrashRun | undefined;
    const began = performance.now();
    const say = (line: string): void => {
      process.stderr.write(`${String(Math.round((performance.now() - began) / 1_000)).padStart(5)} s  ${line}\n`);
    };

    beforeAll(
      async () => {
        say(`seed ${SEED}`);
        run = await playCrashRun({ seed: SEED, seconds, failing, say });
      },
      seconds * 1_000 + BESIDES_MS,
    );

    afterAll(async () => {
      if (run === undefined) return;
      const report = reportOf(run);
      const { installation, evidence } = run;
      const isBroken = ALL_INVARIANTS.some(({ check }) => check(evidence).length > 0);
      await installation.stop(isBroken || process.env.CRASH_KEEP === '1');
      process.stderr.write(`\n${report}\n`);
      if (process.env.CRASH_REPORT) writeFileSync(process.env.CRASH_REPORT, report);
    }, BESIDES_MS);

    it.each(ALL_INVARIANTS)('$name', ({ check }) => {
      expect(check(run!.evidence).slice(0, 20)).toEqual([]);
    });
  });
}
