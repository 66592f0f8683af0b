// Prints what the runs of the wallet networks' tests have proven, as a table: the message or rule, where it is proven
// (a vector, an oracle, a story against the network's simulator), and whether it passed.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Which tests speak for which network, by the folder or name of their files. */
const NETWORKS = [
  ['Apple Pay on US cards', /us-wallet\/|simulator\/(acquirer|apple-tokens)/],
  ['Alipay', /china-wallet\/|simulator\/(ams|open-platform)/],
  ['QRPay', /qr-wallet\//],
  ['Every network', /wallet-network\//],
];

/** The specs that belong to the table, for Jest's --testPathPatterns. */
export const CONFORMANCE_SPECS =
  '(us|china|qr)-wallet/|libs/wallet-network/|simulator/(acquirer|apple-tokens|ams|open-platform)';

const MARKS = { passed: 'passed', failed: 'FAILED', pending: 'not here', todo: 'not here' };
const WIDTHS = [92, 52];

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

/** The table of all reports, one part per network. */
export function conformanceTable(reports, project) {
  const rows = reports.flatMap((report) => rowsOf(report, project));
  return NETWORKS.flatMap(([network, files]) => {
    const own = rows.filter(({ proof }) => files.test(proof));
    const passed = own.filter(({ status }) => status === 'passed').length;
    const lines = own.map(
      ({ rule, proof, status }) => `  ${fit(rule, WIDTHS[0])}  ${fit(proof, WIDTHS[1])}  ${MARKS[status] ?? status}`,
    );
    return ['', `${network}: ${passed} of ${own.length} passed`, ...lines];
  }).join('\n');
}
