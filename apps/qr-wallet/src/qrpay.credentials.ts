import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QrpayConfig } from './qrpay.config';

/** What the contract with QRPay gives: our id and signing key, and the key that QRPay signs with. Ed25519, PEM texts. */
export interface QrpayCredentials {
  merchant_id: string;
  private_key: string;
  qrpay_public_key: string;
}

const SANDBOX_TRIES = 60;
const SANDBOX_WAIT_MS = 500;

/** From the credentials file, or in a sandbox from the simulator, which may start later than we do. */
export async function loadCredentials(config: QrpayConfig): Promise<QrpayCredentials> {
  if (config.credentialsFile !== undefined) {
    return JSON.parse(readFileSync(config.credentialsFile, 'utf8')) as QrpayCredentials;
  }
  if (config.sandbox !== '1') {
    throw new Error('QRPAY_CREDENTIALS_FILE is not set: name the file with the credentials of the QRPay contract.');
  }
  return fromSandbox(config);
}

async function fromSandbox(config: QrpayConfig): Promise<QrpayCredentials> {
  const url = `${config.simulatorUrl}/control/qrpay/credentials`;
  const headers = { authorization: `Bearer ${config.simulatorControlToken ?? ''}` };
  let problem = '';
  for (let attempt = 0; attempt < SANDBOX_TRIES; attempt++) {
    try {
      const response = await fetch(url, { headers });
      if (response.ok) return (await response.json()) as QrpayCredentials;
      problem = `status ${response.status}`;
    } catch (error) {
      problem = (error as Error).message;
    }
    await sleep(SANDBOX_WAIT_MS);
  }
  throw new Error(`The sandbox gave no credentials at ${url} (${problem}): is the simulator running?`);
}
