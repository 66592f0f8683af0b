import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Clock } from '@gateway/platform';
import { AcquirerClient, type AcquirerClientOptions } from './acquirer/acquirer-client';
import { TokenVerifier } from './apple-pay/token-verifier';
import { appleRootCaG3, pinnedRoot, type TrustAnchor } from './apple-pay/trust-anchor';
import type { ApplePayConfig } from './applepay.config';
import type { ApplePayCredentials } from './applepay.credentials';
import { CALL_TIMEOUT_MS } from './applepay.description';
import { CardDisputes } from './disputes/card-disputes';
import { DecryptionService } from './decryption/decryption-service';
import { MerchantSessions } from './merchant-session/merchant-sessions';
import { APPLE_SESSION_ADDRESSES } from './merchant-session/session-address';
import { Merchants } from './merchants/merchants';

/** What this service speaks with, made from one set of credentials: acquirer, token verifier, decryption process. */
export class ApplePayClients implements OnModuleInit, OnApplicationShutdown {
  readonly acquirer: AcquirerClient;
  readonly disputes: CardDisputes;
  readonly tokens: TokenVerifier;
  readonly merchants: Merchants;
  readonly decryption: DecryptionService;
  readonly sessions: MerchantSessions;
  readonly webhookSecret: string;

  constructor(config: ApplePayConfig, credentials: ApplePayCredentials, clock: Clock, nodeOptions?: readonly string[]) {
    const account = accountOf(config, credentials);
    this.webhookSecret = credentials.acquirer.webhook_secret;
    this.acquirer = new AcquirerClient(account);
    this.disputes = new CardDisputes(this.acquirer);
    this.merchants = new Merchants(credentials.merchants);
    const settings = { acquirer: account, merchants: [...this.merchants.decryptedHere] };
    this.decryption = new DecryptionService(settings, nodeOptions);
    this.sessions = sessionsOf(config, credentials);
    this.tokens = new TokenVerifier({ anchor: anchorOf(credentials), keys: this.merchants.keys, clock });
  }

  /** @throws Error where a merchant's keys do not fit: the service does not start with them. */
  async onModuleInit(): Promise<void> {
    if (this.merchants.decryptedHere.length > 0) await this.decryption.start();
  }

  /** What keeps it from working, or null. */
  state(): string | null {
    return this.merchants.decryptedHere.length > 0 ? this.decryption.state() : null;
  }

  /** After the runtime's last calls have ended. */
  onApplicationShutdown(): void {
    this.decryption.stop();
  }
}

function accountOf(config: ApplePayConfig, { acquirer }: ApplePayCredentials): AcquirerClientOptions {
  return {
    baseUrl: config.acquirerBaseUrl ?? acquirer.host,
    secretKey: acquirer.secret_key,
    publicKey: acquirer.public_key,
    socketTimeoutMs: CALL_TIMEOUT_MS,
    ...(acquirer.processing_channel_id && { processingChannelId: acquirer.processing_channel_id }),
    ...(acquirer.currency_account_id && { currencyAccountId: acquirer.currency_account_id }),
  };
}

/** At Apple's own hosts; only a sandbox may say where else. */
function sessionsOf(config: ApplePayConfig, credentials: ApplePayCredentials): MerchantSessions {
  const { merchants, session_hosts: hosts, session_certificate_authority: authority } = credentials;
  if (hosts === undefined) return new MerchantSessions(merchants, APPLE_SESSION_ADDRESSES);
  if (config.sandbox !== '1')
    throw new Error("session_hosts are for a sandbox: without SANDBOX=1 sessions are Apple's");
  return new MerchantSessions(merchants, { hosts: new Set(hosts), port: 'any' }, authority);
}

function anchorOf({ trust_anchor: pem, trust_anchor_sha256: pin }: ApplePayCredentials): TrustAnchor {
  return pem === undefined || pin === undefined ? appleRootCaG3() : pinnedRoot(pem, pin);
}
