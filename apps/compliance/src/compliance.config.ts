import { Env, InternalToken } from '@gateway/platform';
import { IsBase64, IsInt, IsJSON, IsString, MinLength } from 'class-validator';

/** The services beside the wallets whose audit topics are stored. */
const CORE_SERVICES = ['routing', 'fx-settlement', 'compliance'];

/** Compliance's environment. */
export class ComplianceConfig extends InternalToken {
  @Env('PORT', '7084')
  @IsInt()
  port: number;

  @Env('LOG_LEVEL', 'info')
  @IsString()
  logLevel: string;

  @Env('DATABASE_URL')
  @IsString()
  databaseUrl: string;

  @Env('INTERNAL_TOKEN')
  @IsString()
  @MinLength(16)
  readonly value: string;

  /** Wraps the key of each person. */
  @Env('SEAL_KEY')
  @IsBase64()
  sealKey: string;

  /** The networks of this installation; their services' audit topics are stored too. */
  @Env('WALLET_NETWORKS', '[]')
  @IsJSON()
  walletNetworks: string;

  auditedServices(): string[] {
    const wallets = (JSON.parse(this.walletNetworks) as { service: string }[]).map(({ service }) => service);
    return [...CORE_SERVICES, ...wallets];
  }
}
