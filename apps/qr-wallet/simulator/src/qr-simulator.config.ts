import { IsInt, IsString, Max, Min, MinLength } from 'class-validator';
import { Env } from '@gateway/platform';

/** The environment of QRPay's simulator. */
export class QrSimulatorConfig {
  @Env('PORT', '7091')
  @IsInt()
  @Min(1)
  @Max(65_535)
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
}
