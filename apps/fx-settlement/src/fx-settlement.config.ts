import { Env, InternalToken } from '@gateway/platform';
import { IsBase64, IsInt, IsJSON, IsOptional, IsString, Matches, Max, Min, MinLength } from 'class-validator';
import type { DefaultCeilings } from './outbound/postgres-limit.store';
import type { DescribedNetwork } from './use-cases/network-directory';

const AMOUNT = /^[1-9][0-9]{0,17}$/;

/** fx-settlement's environment. */
export class FxSettlementConfig extends InternalToken {
  @Env('PORT', '7083')
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

  /** Seals the private halves of the keys that sign offers. */
  @Env('SEAL_KEY')
  @IsBase64()
  sealKey: string;

  @Env('WALLET_NETWORKS', '[]')
  @IsJSON()
  walletNetworks: string;

  @Env('SIMULATOR_URL', 'http://127.0.0.1:7090')
  @IsString()
  simulatorUrl: string;

  /** The treasury's rate feed; the simulator's where none is given. */
  @Env('TREASURY_RATES_URL')
  @IsOptional()
  @IsString()
  treasuryRatesUrl?: string;

  /** ECB's daily reference rates, the comparison: an address or a path on disk; the simulator's where none is given. */
  @Env('ECB_RATES')
  @IsOptional()
  @IsString()
  ecbRates?: string;

  /** How old the pricing rate may be before nothing is promised any more. */
  @Env('RATE_MAX_AGE_MS', '60000')
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  rateMaxAgeMs: number;

  @Env('RATE_POLL_MS', '5000')
  @IsInt()
  @Min(200)
  ratePollMs: number;

  /** Ceilings of limits that nobody has set yet, minor units, the same in every currency. */
  @Env('FLOAT_CEILING', '100000000000')
  @Matches(AMOUNT)
  floatCeiling: string;

  @Env('EXPOSURE_CEILING', '100000000000')
  @Matches(AMOUNT)
  exposureCeiling: string;

  @Env('NET_DEBIT_CEILING', '100000000000')
  @Matches(AMOUNT)
  netDebitCeiling: string;

  networks(): DescribedNetwork[] {
    return JSON.parse(this.walletNetworks) as DescribedNetwork[];
  }

  pricingLocation(): string {
    return this.treasuryRatesUrl ?? `${this.simulatorUrl}/treasury/rates`;
  }

  comparisonLocation(): string {
    return this.ecbRates ?? `${this.simulatorUrl}/ecb/eurofxref-daily.xml`;
  }

  ceilings(): DefaultCeilings {
    return {
      float: BigInt(this.floatCeiling),
      exposure: BigInt(this.exposureCeiling),
      net_debit: BigInt(this.netDebitCeiling),
    };
  }
}
