import { RuntimeRefusal } from '@gateway/local-runtime';
import { type CliConfig, UsageError } from '../cli.config';
import { findServices } from '../launcher/service-manifest';
import type { Terminal } from '../terminal';
import { existingFolders, writeNetwork } from './new-network';

const ID_FORM = /^[a-z][a-z0-9]{2,15}$/;
/** Beside those of the services that there are; 7092 and 7093 are the broker's. */
const FIRST_PORTS = { wallet: 7086, simulator: 7094 } as const;

/** Makes the folders of a new wallet network, as a copy of QRPay that runs at once. */
export async function newNetwork(
  config: CliConfig,
  terminal: Terminal,
  { args = [] }: { args?: readonly string[] },
): Promise<void> {
  const id = args[0] ?? '';
  if (!ID_FORM.test(id))
    throw new UsageError(
      'The id of a network is 3 to 16 lower case letters and digits, a letter first, such as "wavepay".',
    );
  const services = findServices(config.projectDir, {});
  if (services.some(({ network }) => network?.id === id)) throw new RuntimeRefusal(`There is a network ${id} already.`);
  const [taken] = existingFolders(config.projectDir, id);
  if (taken !== undefined) throw new RuntimeRefusal(`${taken} is there already: choose another id, or remove it.`);
  const used = new Set(services.map(({ port }) => port));
  const wallet = freePort(used, FIRST_PORTS.wallet);
  const simulator = freePort(used.add(wallet), FIRST_PORTS.simulator);
  const files = writeNetwork(config.projectDir, { id, ports: { wallet, simulator } });
  const next = [
    `${files.length} files written: apps/${id}-wallet with its simulator, test/integration/${id}-wallet.`,
    'It is a copy of QRPay under another name, and runs: npm run format, then npm start.',
    'docs/wallet-networks.md says in which order to change it into what the network speaks.',
  ];
  terminal.answer({ id, files, ports: { wallet, simulator } }, next.join('\n'));
}

function freePort(used: ReadonlySet<number>, from: number): number {
  let port = from;
  while (used.has(port)) port++;
  return port;
}
