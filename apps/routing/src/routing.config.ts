import { Env } from '@gateway/platform';
import { IsIn, IsInt, IsString } from 'class-validator';

/** What routing's core reads from its environment; its edge reads `EdgeConfig`. */
export class RoutingConfig {
  @Env('PORT', '7080')
  @IsInt()
  port: number;

  @Env('LOG_LEVEL', 'info')
  @IsString()
  logLevel: string;

  @Env('DATABASE_URL')
  @IsString()
  databaseUrl: string;

  @Env('ENQUIRY_PROFILE', 'normal')
  @IsIn(['normal', 'short'])
  enquiryProfile: 'normal' | 'short';
}
