import { Env } from '@gateway/platform';
import { IsIn, IsInt, IsOptional, IsString, IsUrl } from 'class-validator';

const LOCAL_URL = { require_tld: false, require_protocol: true };

/** The environment of this service's own concerns; messaging, database and the wallet runtime read theirs. */
export class AlipayConfig {
  @Env('PORT', '7082')
  @IsInt()
  port: number;

  @Env('LOG_LEVEL', 'info')
  @IsString()
  logLevel: string;

  @Env('SIMULATOR_URL', 'http://127.0.0.1:7090')
  @IsUrl(LOCAL_URL)
  simulatorUrl: string;

  /** `1`: credentials of the sandbox are fetched from the simulator at start. */
  @Env('SANDBOX', '0')
  @IsIn(['0', '1'])
  sandbox: '0' | '1';

  @Env('SIMULATOR_CONTROL_TOKEN')
  @IsOptional()
  @IsString()
  simulatorControlToken?: string;

  @Env('AMS_BASE_URL')
  @IsOptional()
  @IsUrl(LOCAL_URL)
  amsBaseUrl?: string;

  @Env('OPEN_PLATFORM_GATEWAY')
  @IsOptional()
  @IsUrl(LOCAL_URL)
  openPlatformGateway?: string;

  /** Where Alipay sends notifications to. */
  @Env('NOTIFY_BASE_URL')
  @IsOptional()
  @IsUrl(LOCAL_URL)
  notifyBaseUrl?: string;

  /** A file with the credentials as JSON (shape: `AlipayCredentials`), readable by this service only. */
  @Env('ALIPAY_CREDENTIALS_FILE')
  @IsOptional()
  @IsString()
  credentialsFile?: string;
}
