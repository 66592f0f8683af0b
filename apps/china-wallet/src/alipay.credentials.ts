import { readFileSync } from 'node:fs';
import type { AlipayConfig } from './alipay.config';

/** Both contracts' credentials: AMS for collecting, an open-platform app in certificate mode for paying out. PEM texts. */
export interface AlipayCredentials {
  ams: { client_id: string; key_version: number; private_key: string; alipay_public_key: string };
  open_platform: {
    app_id: string;
    app_private_key: string;
    app_cert: string;
    alipay_public_cert: string;
    alipay_root_cert: string;
  };
}

const SANDBOX_TRIES = 60;
const SANDBOX_WAIT_MS = 500;

/** From the credentials file, or in a sandbox from the simulator, which may start later than we do. */
export async function loadCredentials(config: AlipayConfig): Promise<AlipayCredentials> {
  if (config.credentialsFile !== undefined) {
    return JSON.parse(readFileSync(config.credentialsFile, 'utf8')) as AlipayCredentials;
  }
  if (config.sandbox !== '1') {
    throw new Error('ALIPAY_CREDENTIALS_FILE is not set: name the file with the credentials of both Alipay contracts.');
  }
  return fromSandbox(config);
}

async function fromSandbox(config: AlipayConfig): Promise<AlipayCredentials> {
  const url = `${config.simulatorUrl}/control/alipay/credentials`;
  const headers = { authorization: `Bearer ${config.simulatorControlToken ?? ''}` };
  let problem = '';
  for (let attempt = 0; attempt < SANDBOX_TRIES; attempt++) {
    try {
      const response = await fetch(url, { headers });
      if (response.ok) return (await response.json()) as AlipayCredentials;
      problem = `status ${response.status}`;
    } catch (error) {
      problem = (error as Error).message;
    }
    await new Promise((resolve) => setTimeout(resolve, SANDBOX_WAIT_MS));
  }
  throw new Error(`The sandbox gave no credentials at ${url} (${problem}): is the simulator running?`);
}
