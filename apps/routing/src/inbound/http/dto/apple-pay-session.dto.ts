import { ApiProperty } from '@nestjs/swagger';
import { IsDefined, IsString, Length, Matches } from 'class-validator';

const LONGEST_URL = 256;

/** The body of `POST /v1/apple_pay_sessions`; whether the URL is Apple's is decided where it would be followed. */
export class CreateApplePaySessionDto {
  @ApiProperty({ example: 'shop.example', description: 'The domain of the page, as it is registered with Apple.' })
  @Matches(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61}[a-z0-9]$/, {
    message: 'must be a domain name in lower case, such as shop.example.com',
  })
  @Length(4, 253)
  @IsDefined()
  domain_name: string;

  @ApiProperty({
    maxLength: LONGEST_URL,
    description: 'The `validationURL` of the event `onvalidatemerchant`, unchanged.',
  })
  @Length(1, LONGEST_URL, { message: `must have 1 to ${LONGEST_URL} characters` })
  @IsString({ message: 'must be a string' })
  @IsDefined()
  validation_url: string;
}
