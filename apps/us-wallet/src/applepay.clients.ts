import type { Clock } from '@gateway/platform';
import { AcquirerClient } from './acquirer/acquirer-client';
import { TokenVerifier } from './apple-pay/token-verifier';
import { appleRootCaG3, pinnedRoot, type TrustAnchor } from './apple-pay/trust-anchor';
import type { ApplePayConfig } from './applepay.config';
import type { ApplePayCredentials } from './applepay.credentials';
import { CALL_TIMEOUT_MS } from './applepay.description';
import { Merchants } from './merchants/merchants';

/** The acquirer's client and the token verifier, made from one set of credentials. */
export class ApplePayClients {
  readonly acquirer: AcquirerClient;
  readonly tokens: TokenVerifier;
  readonly merchants: Merchants;
  readonly webhookSecret: string;

  constructor(config: ApplePayConfig, credentials: ApplePayCredentials, clock: Clock) {
    const { acquirer } = credentials;
    this.webhookSecret = acquirer.webhook_secret;
    this.acquirer = new AcquirerClient({
      baseUrl: config.acquirerBaseUrl ?? acquirer.host,
      secretKey: acquirer.secret_key,
      publicKey: acquirer.public_key,
      socketTimeoutMs: CALL_TIMEOUT_MS,
      ...(acquirer.processing_channel_id && { processingChannelId: acquirer.processing_channel_id }),
      ...(acquirer.currency_account_id && { currencyAccountId: acquirer.currency_account_id }),
    });
    this.merchants = new Merchants(credentials.merchants);
    this.tokens = new TokenVerifier({
      anchor: anchorOf(credentials),
      keys: this.merchants.keys,
      clock,
    });
  }
}

function anchorOf({ trust_anchor: pem, trust_anchor_sha256: pin }: ApplePayCredentials): TrustAnchor {
  return pem === undefined || pin === undefined ? appleRootCaG3() : pinnedRoot(pem, pin);
}
