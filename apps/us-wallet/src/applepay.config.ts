import { Env } from '@gateway/platform';
import { IsIn, IsInt, IsOptional, IsString, IsUrl } from 'class-validator';

const LOCAL_URL = { require_tld: false, require_protocol: true };

/** The environment of this service's own concerns; messaging, database and the wallet runtime read theirs. */
export class ApplePayConfig {
  @Env('PORT', '7081')
  @IsInt()
  port: number;

  @Env('LOG_LEVEL', 'info')
  @IsString()
  logLevel: string;

  @Env('SIMULATOR_URL', 'http://127.0.0.1:7090')
  @IsUrl(LOCAL_URL)
  simulatorUrl: string;

  /** `1`: credentials and trust anchor of the sandbox are fetched from the simulator at start. */
  @Env('SANDBOX', '0')
  @IsIn(['0', '1'])
  sandbox: '0' | '1';

  @Env('SIMULATOR_CONTROL_TOKEN')
  @IsOptional()
  @IsString()
  simulatorControlToken?: string;

  /** E.g. `https://{prefix}.api.checkout.com`; in a sandbox the simulator's. */
  @Env('ACQUIRER_BASE_URL')
  @IsOptional()
  @IsUrl(LOCAL_URL)
  acquirerBaseUrl?: string;

  /** A file with the credentials as JSON (shape: `ApplePayCredentials`), readable by this service only. */
  @Env('APPLEPAY_CREDENTIALS_FILE')
  @IsOptional()
  @IsString()
  credentialsFile?: string;
}
