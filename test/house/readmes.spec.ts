import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { project, sourceFiles, textOf } from './source-files';

const common = textOf('docs/operators.md').split('### What every service reads')[1]!.split('\n## ')[0]!;
const apps = readdirSync(path.join(project, 'apps')).filter((app) =>
  existsSync(path.join(project, 'apps', app, 'README.md')),
);
const VARIABLE = /@Env\('([A-Z_]+)'/g;
const TABLE = /CREATE (?:TABLE|VIEW) ([a-z_]+)/g;

/** What the sources below a folder name by a pattern; tests do not count. */
function named(folder: string, pattern: RegExp): string[] {
  const sources = sourceFiles(folder, '.ts').filter((file) => !file.endsWith('.spec.ts'));
  const found = sources.flatMap((file) => [...textOf(file).matchAll(pattern)].map((match) => match[1]!));
  return [...new Set(found)].sort();
}

const missingIn = (names: readonly string[], ...pages: string[]): string[] =>
  names.filter((name) => !pages.some((page) => new RegExp(`\\b${name}\\b`).test(page)));

describe("a service's README", () => {
  it.each(apps)('of %s names every table that it owns', (app) => {
    expect(missingIn(named(`apps/${app}/src`, TABLE), textOf(`apps/${app}/README.md`))).toEqual([]);
  });

  it.each(apps)('of %s names every variable that it reads beside what all of them read', (app) => {
    expect(missingIn(named(`apps/${app}/src`, VARIABLE), textOf(`apps/${app}/README.md`), common)).toEqual([]);
  });
});

describe('the page for operators', () => {
  it('names what the libraries read from the environment', () => {
    expect(missingIn(named('libs', VARIABLE), common, textOf('docs/wallet-networks.md'))).toEqual([]);
  });
});

describe('the page for partners', () => {
  it('names every code with which the owners of instruments and prices refuse', () => {
    const wallets = apps.filter((app) => app.endsWith('-wallet')).map((app) => `apps/${app}/src`);
    const refusal = /(?:IntakeRefused|refused)\(\s*'([A-Z_]+)'/g;
    const ofInstruments = [...wallets, 'libs/wallet-network/src'].flatMap((folder) => named(folder, refusal));
    const ofPrices = [...textOf('apps/fx-settlement/src/inbound/quote.problems.ts').matchAll(/^ {2}([A-Z_]+): \{/gm)];
    const codes = [...ofInstruments, ...ofPrices.map((match) => match[1]!)];
    expect(codes.length).toBeGreaterThan(10);
    expect(missingIn(codes, textOf('docs/partners.md'))).toEqual([]);
  });
});
