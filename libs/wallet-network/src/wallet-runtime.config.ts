import { Env } from '@gateway/platform';
import { IsBase64, IsIn, IsInt, IsString, Min, MinLength } from 'class-validator';

/** The environment of the adapter runtime, the same for every wallet network. */
export class WalletRuntimeConfig {
  /** The runtime role's connection to this service's own database. */
  @Env('DATABASE_URL')
  @IsString()
  databaseUrl: string;

  /** Bearer token of every `/internal/*` route. */
  @Env('INTERNAL_TOKEN')
  @IsString()
  @MinLength(16)
  internalToken: string;

  /** 32 bytes in base64: seals the instruments' raw values at rest (AES-256-GCM). */
  @Env('SEAL_KEY')
  @IsBase64()
  sealKey: string;

  /** `short` divides enquiry plans and call deadlines for tests and crash runs (`enquiry-plan.ts`). */
  @Env('ENQUIRY_PROFILE', 'normal')
  @IsIn(['normal', 'short'])
  enquiryProfile: 'normal' | 'short';

  /** Calls in flight of this process at most; the network's own limits come on top. */
  @Env('WALLET_CALLS_IN_FLIGHT', '64')
  @IsInt()
  @Min(1)
  callsInFlight: number;
}
