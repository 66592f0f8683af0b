import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const project = path.resolve(__dirname, '..', '..');
const page = readFileSync(path.join(project, 'docs', 'messages.md'), 'utf8');

/** One line of the table: what is promised, and the test that proves it. */
interface Proof {
  what: string;
  file: string;
  test: string;
}

const proofs: Proof[] = page
  .split('\n## The proofs\n')[1]!
  .split('\n')
  .map((line) => /^\| (?<what>[^|]+) \| `(?<file>[^`]+\.spec\.ts)` \| (?<test>[^|]+) \|$/.exec(line)?.groups)
  .filter((groups) => groups !== undefined)
  .map(({ what, file, test }) => ({ what: what!.trim(), file: file!, test: test!.trim() }));

/** Sixteen, of which one has three places to stop at and none is left out. */
const PROMISED = [
  'connection cut after the append under concurrent commits',
  'kill after commit before publish, owner never back',
  'stop 60 s inside the transaction',
  'stop 60 s before publish',
  'stop 60 s before a call',
  'two facts in one batch',
  'poison first, middle, last',
  'database away 30 s parks nothing',
  'every record thrice and shuffled',
  'release before its hold',
  'control-only batch',
  'retention past `next`',
  'topic re-made',
  'broker data lost',
  'partition moved before the mark',
  'record over the limit',
  'clock advanced a day under leases',
  'two instances on one limit',
];

describe('the proofs of exactly once in effect', () => {
  it('are all in the table of docs/messages.md, each once', () => {
    expect(proofs.map(({ what }) => what).sort()).toEqual([...PROMISED].sort());
  });

  it.each(proofs.map((proof) => [proof.what, proof] as const))(
    '%s: its test exists by name',
    (_what, { file, test }) => {
      const spec = path.join(project, 'test', 'integration', file);
      expect(existsSync(spec)).toBe(true);
      // The name of a test stands in quotes, and nothing is commented out or skipped.
      const lines = readFileSync(spec, 'utf8').split('\n');
      const named = lines.filter((line) => line.includes(`'${test.replaceAll("'", "\\'")}'`) && !/^\s*\/\//.test(line));
      expect(named).toHaveLength(1);
      expect(named[0]).not.toMatch(/\.(skip|todo)\(/);
    },
  );
});
