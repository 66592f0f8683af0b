import { readFileSync } from 'node:fs';
import type { ApplePayConfig } from './applepay.config';
import type { MerchantCredentials } from './merchants/merchant-credentials';

/** The merchants with their payment processing keys, the trust anchor where it is not Apple's own, and the acquirer account. */
export interface ApplePayCredentials {
  merchants: MerchantCredentials[];
  /** PEM and SHA-256 of another root than Apple Root CA - G3. */
  trust_anchor?: string;
  trust_anchor_sha256?: string;
  acquirer: {
    host: string;
    secret_key: string;
    public_key: string;
    webhook_secret: string;
    processing_channel_id?: string;
    currency_account_id?: string;
  };
}

const SANDBOX_TRIES = 120;
const SANDBOX_WAIT_MS = 250;

/** From the credentials file, or in a sandbox from the simulator, which may start later than we do. */
export async function loadCredentials(config: ApplePayConfig): Promise<ApplePayCredentials> {
  if (config.credentialsFile !== undefined) {
    return JSON.parse(readFileSync(config.credentialsFile, 'utf8')) as ApplePayCredentials;
  }
  if (config.sandbox !== '1') {
    throw new Error('APPLEPAY_CREDENTIALS_FILE is not set: name the file with the merchant and acquirer credentials.');
  }
  return fromSandbox(config);
}

async function fromSandbox(config: ApplePayConfig): Promise<ApplePayCredentials> {
  const url = `${config.simulatorUrl}/control/applepay/credentials`;
  const headers = { authorization: `Bearer ${config.simulatorControlToken ?? ''}` };
  let problem = '';
  for (let attempt = 0; attempt < SANDBOX_TRIES; attempt++) {
    try {
      const response = await fetch(url, { headers });
      if (response.ok) return (await response.json()) as ApplePayCredentials;
      problem = `status ${response.status}`;
    } catch (error) {
      problem = (error as Error).message;
    }
    await new Promise((resolve) => setTimeout(resolve, SANDBOX_WAIT_MS));
  }
  throw new Error(`The sandbox gave no credentials at ${url} (${problem}): is the simulator running?`);
}
