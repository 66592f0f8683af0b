import { Env } from '@gateway/platform';
import { IsIn, IsInt, IsOptional, IsString, IsUrl } from 'class-validator';

const LOCAL_URL = { require_tld: false, require_protocol: true };

/** The environment of this service's own concerns; messaging, database and the wallet runtime read theirs. */
export class QrpayConfig {
  @Env('PORT', '7085')
  @IsInt()
  port: number;

  @Env('LOG_LEVEL', 'info')
  @IsString()
  logLevel: string;

  /** The simulator in this service's own folder, as the launcher tells it. */
  @Env('SIMULATOR_URL', 'http://127.0.0.1:7091')
  @IsUrl(LOCAL_URL)
  simulatorUrl: string;

  /** `1`: the sandbox's credentials are fetched from the simulator at start. */
  @Env('SANDBOX', '0')
  @IsIn(['0', '1'])
  sandbox: '0' | '1';

  @Env('SIMULATOR_CONTROL_TOKEN')
  @IsOptional()
  @IsString()
  simulatorControlToken?: string;

  /** Where QRPay's API is; the simulator's where none is given. */
  @Env('QRPAY_BASE_URL')
  @IsOptional()
  @IsUrl(LOCAL_URL)
  baseUrl?: string;

  /** Where QRPay sends notifications to. */
  @Env('NOTIFY_BASE_URL')
  @IsOptional()
  @IsUrl(LOCAL_URL)
  notifyBaseUrl?: string;

  /** A file with the credentials as JSON (shape: `QrpayCredentials`), readable by this service only. */
  @Env('QRPAY_CREDENTIALS_FILE')
  @IsOptional()
  @IsString()
  credentialsFile?: string;

  apiUrl(): string {
    return this.baseUrl ?? this.simulatorUrl;
  }

  notifyUrl(): string {
    return `${this.notifyBaseUrl ?? `http://127.0.0.1:${this.port}`}/notifications`;
  }
}
