import { project, textOf } from './source-files';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Rule {
  network: string;
  rule: string;
  proof: string;
  name: string;
}

const RULES = JSON.parse(textOf('test/conformance-rules.json')) as Rule[];

describe('the rules of the conformance table', () => {
  it('are named once', () => {
    const names = RULES.map(({ network, rule }) => `${network}: ${rule}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(RULES)('$rule: a test by that name proves it', ({ proof, name }) => {
    expect([proof, existsSync(join(project, proof))]).toEqual([proof, true]);
    const lines = textOf(proof)
      .split('\n')
      .filter((line) => line.includes(name) && /['"`]/.test(line));
    expect(lines.filter((line) => !/\.(skip|todo)\(|^\s*\/\//.test(line))).not.toEqual([]);
  });
});
