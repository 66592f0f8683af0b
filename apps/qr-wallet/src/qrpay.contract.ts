import type { QrpayConfig } from './qrpay.config';
import { QrpayClient } from './qrpay.client';
import type { QrpayCredentials } from './qrpay.credentials';
import { QrpaySigner, QrpayVerifier } from './qrpay.signature';

/** The contract with QRPay in working order: the client, the verifier of its notifications, and where these come to. */
export class QrpayContract {
  readonly client: QrpayClient;
  readonly verifier: QrpayVerifier;
  readonly notifyUrl: string;

  constructor(config: QrpayConfig, credentials: QrpayCredentials) {
    this.verifier = new QrpayVerifier(credentials.qrpay_public_key);
    this.notifyUrl = config.notifyUrl();
    this.client = new QrpayClient({
      baseUrl: config.apiUrl(),
      merchantId: credentials.merchant_id,
      signer: new QrpaySigner(credentials.private_key),
      verifier: this.verifier,
    });
  }
}
