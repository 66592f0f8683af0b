import { isIP } from 'node:net';
import { IsInt, IsString, Max, Min, MinLength } from 'class-validator';
import { Env } from '@gateway/platform';

/** The simulator's environment. Every key has a default that fits the local runtime; none of them is a secret. */
export class SimulatorConfig {
  @Env('PORT', '7090')
  @IsInt()
  @Min(1)
  @Max(65535)
  port!: number;

  @Env('DATABASE_URL')
  @IsString()
  databaseUrl!: string;

  @Env('LOG_LEVEL', 'info')
  @IsString()
  logLevel!: string;

  /** Bearer token of `/control/*`. */
  @Env('SIMULATOR_CONTROL_TOKEN')
  @IsString()
  @MinLength(8)
  controlToken!: string;

  /** Where this process is reached, for the credentials that it issues. */
  @Env('SIMULATOR_URL', 'http://127.0.0.1:7090')
  @IsString()
  publicUrl!: string;

  /** Wallet services by network, as the launcher tells every service: where notifications go by default. */
  @Env('WALLET_NETWORKS', '[]')
  @IsString()
  walletNetworks!: string;

  @Env('SIMULATOR_APPLE_MERCHANT_ID', 'merchant.example.gateway')
  @IsString()
  appleMerchantId!: string;

  /** The merchant whose payment processing keys are handed to the gateway. */
  @Env('SIMULATOR_APPLE_GATEWAY_MERCHANT_ID', 'merchant.example.gateway.decrypts')
  @IsString()
  appleGatewayMerchantId!: string;

  @Env('SIMULATOR_ACQUIRER_SECRET_KEY', 'sk_sbox_simulatedsecretkeyforthega7')
  @IsString()
  acquirerSecretKey!: string;

  @Env('SIMULATOR_ACQUIRER_PUBLIC_KEY', 'pk_sbox_simulatedpublickeyforthega7')
  @IsString()
  acquirerPublicKey!: string;

  @Env('SIMULATOR_ACQUIRER_WEBHOOK_SECRET', 'simulated-acquirer-webhook-secret')
  @IsString()
  acquirerWebhookSecret!: string;

  /** The name of this process in TLS, which certifies no addresses: that of `SIMULATOR_URL`, or `localhost`. */
  get sessionHost(): string {
    const { hostname } = new URL(this.publicUrl);
    return isIP(hostname.replace(/[[\]]/g, '')) === 0 ? hostname : 'localhost';
  }

  /** Where a wallet service takes notifications: the first of its instances. Empty where the launcher did not tell. */
  notificationUrl(networkId: string): string {
    const networks = JSON.parse(this.walletNetworks) as { id: string; url: string }[];
    const url = networks.find((network) => network.id === networkId)?.url.split(',')[0];
    return url === undefined ? '' : `${url}/notifications`;
  }
}
