import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The network that new ones are made after: whole, running, with a simulator and tests of its own. */
const MODEL = { id: 'qrpay', name: 'QRPay', short: 'qr' } as const;
const FOLDERS = (short: string): string[] => [`apps/${short}-wallet`, `test/integration/${short}-wallet`];

/** How a new network is called, and where its two processes listen. */
export interface NewNetwork {
  /** Lower case letters and digits: part of topic names, instruments and class names. */
  id: string;
  ports: { wallet: number; simulator: number };
}

/**
 * Makes the folders of a new wallet network as a copy of the model under another name: it builds, runs and passes the
 * conformance suite at once, and is then changed, file by file, into what the network really speaks.
 * @returns the files written, relative to the project
 */
export function writeNetwork(projectDir: string, network: NewNetwork): string[] {
  const from = FOLDERS(MODEL.short);
  return FOLDERS(network.id).flatMap((folder, index) => {
    const target = path.join(projectDir, folder);
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(path.join(projectDir, from[index]!), target, { recursive: true });
    return filesIn(target).map((file) => {
      const renamed = path.join(path.dirname(file), rename(path.basename(file), network.id));
      if (renamed !== file) renameSync(file, renamed);
      writeFileSync(renamed, withPorts(rename(readFileSync(renamed, 'utf8'), network.id), network, renamed));
      return path.relative(projectDir, renamed);
    });
  });
}

/** Folders that a network of this id would take. */
export function existingFolders(projectDir: string, id: string): string[] {
  return FOLDERS(id).filter((folder) => existsSync(path.join(projectDir, folder)));
}

function rename(text: string, id: string): string {
  const capital = `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
  return text
    .replaceAll(MODEL.name, capital)
    .replaceAll('Qrpay', capital)
    .replaceAll('QRPAY', id.toUpperCase())
    .replaceAll(MODEL.id, id)
    .replaceAll('QrSimulator', `${capital}Simulator`)
    .replace(/\bqr([-_])/g, `${id}$1`);
}

const MODEL_PORTS = { wallet: '7085', simulator: '7091' } as const;

function withPorts(text: string, { ports }: NewNetwork, file: string): string {
  if (!/(service\.json|compose\.yml|README\.md|config\.ts)$/.test(file)) return text;
  return text
    .replaceAll(MODEL_PORTS.wallet, String(ports.wallet))
    .replaceAll(MODEL_PORTS.simulator, String(ports.simulator));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? filesIn(file) : [file];
  });
}
