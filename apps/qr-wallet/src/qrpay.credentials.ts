import { readCredentials } from '@gateway/wallet-network';
import type { QrpayConfig } from './qrpay.config';

/** What the contract with QRPay gives: our id and signing key, and the key that QRPay signs with. Ed25519, PEM texts. */
export interface QrpayCredentials {
  merchant_id: string;
  private_key: string;
  qrpay_public_key: string;
}

/** From the credentials file, or in a sandbox from the simulator. */
export function loadCredentials(config: QrpayConfig): Promise<QrpayCredentials> {
  const name = { id: 'qrpay', variable: 'QRPAY_CREDENTIALS_FILE', what: 'the credentials of the QRPay contract' };
  return readCredentials<QrpayCredentials>(config, name);
}
