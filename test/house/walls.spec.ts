import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const project = join(__dirname, '../..');

/** One file that breaks one wall, and the wall that must catch it. */
const violations: { wall: string; file: string; text: string }[] = [
  {
    wall: 'no-circular',
    file: 'apps/a/src/inbound/one.ts',
    text: `import { two } from './two';\nexport const one = two;`,
  },
  {
    wall: 'domain-is-pure',
    file: 'apps/a/src/domain/impure.ts',
    text: `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;`,
  },
  {
    wall: 'use-cases-see-no-adapters',
    file: 'apps/a/src/use-cases/peek.ts',
    text: `import { rows } from '../outbound/rows';\nexport const peek = rows;`,
  },
  {
    wall: 'inbound-does-not-touch-outbound',
    file: 'apps/a/src/inbound/touch.ts',
    text: `import { rows } from '../outbound/rows';\nexport const touch = rows;`,
  },
  {
    wall: 'apps-do-not-import-apps',
    file: 'apps/b/src/neighbour.ts',
    text: `import { rows } from '../../a/src/outbound/rows';\nexport const neighbour = rows;`,
  },
  {
    wall: 'libs-do-not-import-apps',
    file: 'libs/platform/src/upwards.ts',
    text: `import { rows } from '../../../apps/a/src/outbound/rows';\nexport const upwards = rows;`,
  },
  {
    wall: 'libs-only-through-index',
    file: 'apps/a/src/deep.ts',
    text: `import { inner } from '../../../libs/platform/src/inner';\nexport const deep = inner;`,
  },
  {
    wall: 'money-depends-on-nothing',
    file: 'libs/money/src/greedy.ts',
    text: `import { inner } from '../../platform/src/inner';\nexport const greedy = inner;`,
  },
  {
    wall: 'contracts-depend-on-the-validator-alone',
    file: 'libs/contracts/src/greedy.ts',
    text: `import { inner } from '../../platform/src/inner';\nexport const greedy = inner;`,
  },
  {
    wall: 'only-outbound-and-persistence-speak-sql',
    file: 'apps/a/src/inbound/sql.ts',
    text: `import { Pool } from 'pg';\nexport const pool = Pool;`,
  },
  {
    wall: 'only-messaging-speaks-kafka',
    file: 'apps/a/src/inbound/kafka.ts',
    text: `import { Kafka } from 'kafkajs';\nexport const kafka = Kafka;`,
  },
  {
    wall: 'simulator-shares-no-code-with-adapters',
    file: 'apps/simulator/src/cheat.ts',
    text: `import { port } from '../../../libs/wallet-network/src';\nexport const cheat = port;`,
  },
  {
    wall: 'adapter-and-its-own-simulator-are-strangers',
    file: 'apps/a/simulator/src/cheat.ts',
    text: `import { rows } from '../../src/outbound/rows';\nexport const cheat = rows;`,
  },
  {
    wall: 'card-data-meets-no-store-and-no-topic',
    file: 'apps/us-wallet/src/decryption/keep.ts',
    text: `import { port } from '../../../../libs/wallet-network/src';\nexport const keep = port;`,
  },
  {
    wall: 'production-code-sees-no-test-support',
    file: 'apps/a/src/twin.ts',
    text: `import { twin } from '../../../libs/platform/testing';\nexport const used = twin;`,
  },
  {
    wall: 'no-dev-dependencies-in-src',
    file: 'apps/a/src/dev.ts',
    text: `import fc from 'fast-check';\nexport const check = fc;`,
  },
];

const ground: Record<string, string> = {
  'apps/a/src/outbound/rows.ts': 'export const rows = 1;',
  'apps/a/src/inbound/two.ts': `import { one } from './one';\nexport const two = one;`,
  'libs/platform/src/inner.ts': 'export const inner = 1;',
  'libs/platform/testing/index.ts': 'export const twin = 1;',
  'libs/wallet-network/src/index.ts': 'export const port = 1;',
};

function plant(root: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

function cruise(root: string): Promise<{ rule: string; from: string }[]> {
  const command = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const settings = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [command, ...settings], { cwd: root, maxBuffer: 1 << 26 }, (error, stdout) => {
      if (stdout === '') return reject(error ?? new Error('nothing was printed'));
      const report = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
      resolve(report.summary.violations.map(({ rule, from }) => ({ rule: rule.name, from })));
    });
  });
}

describe('the walls between folders', () => {
  let root: string;
  let found: { rule: string; from: string }[];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'walls-'));
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      cpSync(join(project, file), join(root, file));
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
    plant(root, { ...ground, ...Object.fromEntries(violations.map(({ file, text }) => [file, text])) });
    found = await cruise(root);
  }, 60_000);

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(violations)('$wall catches $file', ({ wall, file }) => {
    expect(found.filter(({ rule }) => rule === wall).map(({ from }) => from)).toContain(file);
  });

  it('every wall has a planted violation', () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const config = require('../../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };
    expect(violations.map(({ wall }) => wall).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });
});
