import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { existingFolders, writeNetwork } from './new-network';

const PROJECT = path.resolve(__dirname, '../../../..');
const MODEL = ['apps/qr-wallet', 'test/integration/qr-wallet'];

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? filesIn(file) : [file];
  });
}

describe('a new wallet network', () => {
  const project = mkdtempSync(path.join(tmpdir(), 'new-network-'));
  let written: string[];
  beforeAll(() => {
    for (const folder of MODEL) cpSync(path.join(PROJECT, folder), path.join(project, folder), { recursive: true });
    written = writeNetwork(project, { id: 'wavepay', ports: { wallet: 7086, simulator: 7094 } });
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it('is the model, file by file, under its own name', () => {
    const model = MODEL.flatMap((folder) => filesIn(path.join(project, folder)));
    expect(written).toHaveLength(model.length);
    expect(written).toEqual(
      expect.arrayContaining([
        'apps/wavepay-wallet/service.json',
        'apps/wavepay-wallet/src/wavepay.network.ts',
        'apps/wavepay-wallet/simulator/src/wavepay-simulator.module.ts',
        'test/integration/wavepay-wallet/wavepay.conformance.spec.ts',
      ]),
    );
    expect(existingFolders(project, 'wavepay')).toHaveLength(2);
    expect(existingFolders(project, 'other')).toEqual([]);
  });

  it('keeps nothing of the model’s name or ports', () => {
    for (const file of written) {
      const text = readFileSync(path.join(project, file), 'utf8');
      expect([file, text.match(/qrpay|QRPay|\bqr[-_]|QrSim|7085|7091/)?.[0]]).toEqual([file, undefined]);
    }
    const manifest = JSON.parse(readFileSync(path.join(project, 'apps/wavepay-wallet/service.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ name: 'wavepay-wallet', port: 7086, network: { id: 'wavepay' } });
  });
});
