import { createHash } from 'node:crypto';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { AppleKeyStore } from '../apple/apple-keys';
import { SessionKeyStore } from '../apple/session-keys';
import type { Merchant } from '../apple/merchant';
import { AlipayKeyStore } from '../open-platform/alipay-keys';
import { privateKeyToPem, publicKeyToPem } from '../pki/rsa';
import { toPem } from '../pki/certificate';
import { SimulatorConfig } from '../simulator.config';
import { ControlGuard } from './control.guard';

/** Sandbox credentials: what a wallet service would otherwise be configured with. */
@Controller('control')
@UseGuards(ControlGuard)
export class CredentialsController {
  constructor(
    private readonly apple: AppleKeyStore,
    private readonly sessions: SessionKeyStore,
    private readonly alipay: AlipayKeyStore,
    private readonly config: SimulatorConfig,
  ) {}

  @Get('applepay/credentials')
  async applepay(): Promise<Record<string, unknown>> {
    const { chain, merchant, gatewayMerchant } = await this.apple.get();
    const { authority, identities } = await this.sessions.get();
    return {
      merchants: [
        {
          identifier: merchant.identifier,
          profile: 'acquirer_decrypts',
          processing_keys: hashesOf(merchant),
          display_name: 'Example Shop',
          domains: ['shop.example', 'www.shop.example', 'unregistered.example'],
          identity: identities[merchant.identifier],
        },
        {
          identifier: gatewayMerchant.identifier,
          profile: 'gateway_decrypts',
          processing_keys: pairsOf(gatewayMerchant),
          display_name: 'Example Store',
          domains: ['store.example'],
          identity: identities[gatewayMerchant.identifier],
        },
      ],
      session_hosts: [this.config.sessionHost],
      session_certificate_authority: authority,
      trust_anchor: toPem(chain.root),
      trust_anchor_sha256: createHash('sha256').update(chain.root).digest('hex'),
      acquirer: {
        host: `${this.config.publicUrl}/acquirer`,
        secret_key: this.config.acquirerSecretKey,
        public_key: this.config.acquirerPublicKey,
        webhook_secret: this.config.acquirerWebhookSecret,
      },
    };
  }

  @Get('alipay/credentials')
  async alipayContracts(): Promise<Record<string, unknown>> {
    const keys = await this.alipay.get();
    return {
      ams: {
        base_url: this.config.publicUrl,
        client_id: keys.amsClientId,
        key_version: 1,
        private_key: privateKeyToPem(keys.amsClientKey, 'pkcs8'),
        alipay_public_key: publicKeyToPem(keys.amsServerKey),
      },
      open_platform: {
        gateway: `${this.config.publicUrl}/gateway.do`,
        app_id: keys.appId,
        app_private_key: privateKeyToPem(keys.appKey, 'pkcs8'),
        app_cert: keys.appCertificate,
        alipay_public_cert: keys.alipayCertificate,
        alipay_root_cert: keys.rootCertificate,
      },
    };
  }
}

/** The acquirer owns the keys: the gateway knows them by their hashes alone. */
function hashesOf({ current, former, rsa }: Merchant): object[] {
  return [current, former, rsa].map(({ publicKeyHash }) => ({ public_key_hash: publicKeyHash }));
}

function pairsOf({ current, former, rsa }: Merchant): object[] {
  return [current, former, rsa].map(({ certificate, key }) => ({
    certificate: toPem(certificate),
    private_key: privateKeyToPem(key, 'pkcs8'),
  }));
}
