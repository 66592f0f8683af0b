import { X509Certificate } from 'node:crypto';
import type { AlipaySdk } from 'alipay-sdk';
import { privateKeyOf } from './alipay-keys';
import type { AlipayConfig } from './alipay.config';
import type { AlipayCredentials } from './alipay.credentials';
import { AmsClient } from './ams/ams-client';
import { AmsSigner, AmsVerifier } from './ams/ams-signature';
import { StrictAlipaySdk } from './open-platform/gateway-answer';
import { OpenPlatformNotifications } from './open-platform/open-platform-notification';
import { TransferClient } from './open-platform/transfer-client';

const TRANSFER_TIMEOUT_MS = 10_000;
const AMS_NOTIFY_PATH = '/notifications/ams';

/** The two clients of Alipay and the verifiers of its notifications, made from one set of credentials. */
export class AlipayClients {
  readonly ams: AmsClient;
  readonly amsVerifier: AmsVerifier;
  readonly amsClientId: string;
  readonly amsNotifyUrl: string;
  readonly transfers: TransferClient;
  readonly openPlatformNotifications: OpenPlatformNotifications;
  readonly appId: string;

  constructor(config: AlipayConfig, credentials: AlipayCredentials) {
    const { ams, open_platform: app } = credentials;
    const baseUrl = config.amsBaseUrl ?? config.simulatorUrl;
    this.amsClientId = ams.client_id;
    this.amsVerifier = new AmsVerifier({ '1': ams.alipay_public_key, ...ams.alipay_public_keys });
    const signer = new AmsSigner(ams.private_key, ams.key_version);
    this.ams = new AmsClient({ baseUrl, clientId: ams.client_id, signer, verifier: this.amsVerifier });
    this.amsNotifyUrl = `${config.notifyBaseUrl ?? `http://127.0.0.1:${config.port}`}${AMS_NOTIFY_PATH}`;
    this.appId = app.app_id;
    this.transfers = new TransferClient(openPlatformSdk(config, app));
    const publicKey = new X509Certificate(app.alipay_public_cert).publicKey;
    this.openPlatformNotifications = new OpenPlatformNotifications(
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    );
  }
}

function openPlatformSdk(config: AlipayConfig, app: AlipayCredentials['open_platform']): AlipaySdk {
  const key = privateKeyOf(app.app_private_key, 'open_platform.app_private_key');
  return new StrictAlipaySdk({
    appId: app.app_id,
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyType: 'PKCS8',
    signType: 'RSA2',
    gateway: config.openPlatformGateway ?? `${config.simulatorUrl}/gateway.do`,
    appCertContent: app.app_cert,
    alipayPublicCertContent: app.alipay_public_cert,
    alipayRootCertContent: app.alipay_root_cert,
    timeout: TRANSFER_TIMEOUT_MS,
    camelcase: false,
  });
}
