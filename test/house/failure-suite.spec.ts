import { readdirSync } from 'node:fs';
import path from 'node:path';
import { project, textOf } from './source-files';

const page = textOf('docs/failure-suite.md');
const FOLDERS = ['e2e', 'e2e-alone'];
/** The scenarios of money that ends right; the others are of quotes, screening, settlement and infrastructure. */
const SUITE = [...Array.from({ length: 26 }, (_, place) => `F${String(place + 5).padStart(2, '0')}`), 'F52'];

/** A row's cells; the last one names the specs. */
function rowsOf(section: string): { what: string; specs: string[] }[] {
  return section
    .split('\n')
    .filter((line) => /^\| .*\.spec\.ts` \|$/.test(line))
    .map((line) => {
      const cells = line.split(' | ');
      const specs = [...cells.at(-1)!.matchAll(/`([^`]+\.spec\.ts)`/g)].map((match) => match[1]!);
      return { what: cells[0]!.replace('| ', ''), specs };
    });
}

const [suite, ways] = page.split('\n## The path itself\n').map((section) => rowsOf(section));

/** Names of tests and of what they describe, as they stand in the file: no comment, and nothing that is skipped. */
function namesIn(spec: string): string[] {
  return textOf(`test/${spec}`)
    .split('\n')
    .filter((line) => /['"`]/.test(line) && !/^\s*(\/\/|\*|import )/.test(line) && !/\.(skip|todo)\(/.test(line));
}

describe('the page of the failure suite', () => {
  it('has every scenario once', () => {
    expect(suite?.map(({ what }) => what)).toEqual(SUITE);
  });

  it.each(suite!)('$what is proved by name where the page says', ({ what, specs }) => {
    for (const spec of specs) expect([spec, namesIn(spec).some((name) => name.includes(what))]).toEqual([spec, true]);
  });

  it('leaves out no story that carries a number', () => {
    const told = FOLDERS.flatMap((folder) =>
      readdirSync(path.join(project, 'test', folder))
        .filter((file) => file.endsWith('.spec.ts'))
        .flatMap((file) =>
          SUITE.filter((id) =>
            namesIn(`${folder}/${file}`).some((name) => new RegExp(`['"\`]${id}\\b`).test(name)),
          ).map((id) => `${id} ${folder}/${file}`),
        ),
    );
    const listed = suite!.flatMap(({ what, specs }) => specs.map((spec) => `${what} ${spec}`));
    expect(told.filter((one) => !listed.includes(one))).toEqual([]);
  });

  it.each(ways!)('"$what" is a story by that name', ({ what, specs }) => {
    for (const spec of specs) expect([spec, namesIn(spec).some((name) => name.includes(what))]).toEqual([spec, true]);
  });
});
