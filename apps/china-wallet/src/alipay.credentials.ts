import { readCredentials } from '@gateway/wallet-network';
import type { AlipayConfig } from './alipay.config';

/**
 * Both contracts' credentials: AMS for collecting, an open-platform app in certificate mode for paying out. PEM texts; keys
 * also as Alipay's consoles give them, base64 alone.
 * `alipay_public_key` is Alipay's key of version 1; `alipay_public_keys` names further versions, for when Alipay changes it.
 */
export interface AlipayCredentials {
  ams: {
    client_id: string;
    key_version: number;
    private_key: string;
    alipay_public_key: string;
    alipay_public_keys?: Record<string, string>;
  };
  open_platform: {
    app_id: string;
    app_private_key: string;
    app_cert: string;
    alipay_public_cert: string;
    alipay_root_cert: string;
  };
}

/** From the credentials file, or in a sandbox from the simulator. */
export function loadCredentials(config: AlipayConfig): Promise<AlipayCredentials> {
  const name = { id: 'alipay', variable: 'ALIPAY_CREDENTIALS_FILE', what: 'the credentials of both Alipay contracts' };
  return readCredentials<AlipayCredentials>(config, name);
}
