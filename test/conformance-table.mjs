// Prints what the runs of the wallet networks' tests have proven, as a table: the message or rule, where it is proven
// (a vector, an oracle, a story against the network's simulator), and whether it passed.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Which tests speak for which network, by the folder or name of their files. */
const NETWORKS = [
  ['Apple Pay on US cards', /us-wallet\/|simulator\/(acquirer|apple-tokens|disputes)/],
  ['Alipay', /china-wallet\/|simulator\/(ams|open-platform)/],
  ['QRPay', /qr-wallet\//],
  ['Every network', /wallet-network\//],
];

/** The specs that belong to the table, for Jest's --testPathPatterns. */
export const CONFORMANCE_SPECS =
  '(us|china|qr)-wallet/|wallet-network/|simulator/(acquirer|apple-tokens|disputes|ams|open-platform)';

/**
 * Rules by the names of the tests that prove them. `name` stands in the test's title; what a table of cases fills in (`%s`) is
 * left open. A rule that no test has proven has failed.
 */
const RULES = JSON.parse(readFileSync(new URL('conformance-rules.json', import.meta.url), 'utf8'));

const MARKS = { passed: 'passed', failed: 'FAILED', pending: 'not here', todo: 'not here' };
const WIDTHS = [92, 70];

function rowsOf(report, project) {
  if (!existsSync(report)) return [];
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      rule: [...ancestorTitles, title].join(' › '),
      proof: path.relative(project, name),
      status,
    })),
  );
}

const fit = (text, width) => (text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width));

/** Each rule with the tests that carry its name: how many of them have passed. */
function provenRules(rows) {
  return RULES.map(({ network, rule, proof, name }) => {
    const parts = name.split('%s');
    const own = rows.filter((row) => row.proof === proof && parts.every((part) => row.rule.includes(part)));
    const here = own.filter(({ status }) => MARKS[status] !== 'not here');
    const passed = here.filter(({ status }) => status === 'passed').length;
    const isProven = own.length > 0 && passed === here.length;
    const mark = !isProven ? 'NOT PROVEN' : passed > 0 ? `passed (${passed})` : 'not here';
    return { network, rule, proof, isProven, mark };
  });
}

/** Rules that these reports do not prove. */
export function unprovenRules(reports, project) {
  return provenRules(reports.flatMap((report) => rowsOf(report, project))).filter(({ isProven }) => !isProven);
}

function lineOf(rule, proof, mark) {
  return `  ${fit(rule, WIDTHS[0])}  ${fit(proof, WIDTHS[1])}  ${mark}`;
}

/** The table of all reports, one part per network: its rules with their proofs, then everything that was tried. */
export function conformanceTable(reports, project) {
  const rows = reports.flatMap((report) => rowsOf(report, project));
  const rules = provenRules(rows);
  return NETWORKS.flatMap(([network, files]) => {
    const own = rows.filter(({ proof }) => files.test(proof));
    const passed = own.filter(({ status }) => status === 'passed').length;
    const proven = rules
      .filter((one) => one.network === network)
      .map(({ rule, proof, mark }) => lineOf(rule, proof, mark));
    const tried = own.map(({ rule, proof, status }) => lineOf(rule, proof, MARKS[status] ?? status));
    return [
      '',
      `${network}: ${passed} of ${own.length} passed`,
      ...proven,
      ...(proven.length > 0 ? [''] : []),
      ...tried,
    ];
  }).join('\n');
}
