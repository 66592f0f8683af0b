import { readCredentials } from '@gateway/wallet-network';
import type { ApplePayConfig } from './applepay.config';
import type { MerchantCredentials } from './merchants/merchant-credentials';

/** The merchants with their payment processing keys, the trust anchor where it is not Apple's own, and the acquirer account. */
export interface ApplePayCredentials {
  merchants: MerchantCredentials[];
  /** PEM and SHA-256 of another root than Apple Root CA - G3. */
  trust_anchor?: string;
  trust_anchor_sha256?: string;
  /** Where merchant sessions are asked for, other than at Apple: a sandbox's hosts, and the authority (PEM) behind them. */
  session_hosts?: string[];
  session_certificate_authority?: string;
  acquirer: {
    host: string;
    secret_key: string;
    public_key: string;
    webhook_secret: string;
    processing_channel_id?: string;
    currency_account_id?: string;
  };
}

/** From the credentials file, or in a sandbox from the simulator. */
export function loadCredentials(config: ApplePayConfig): Promise<ApplePayCredentials> {
  const name = { id: 'applepay', variable: 'APPLEPAY_CREDENTIALS_FILE', what: 'the merchant and acquirer credentials' };
  return readCredentials<ApplePayCredentials>(config, name);
}
