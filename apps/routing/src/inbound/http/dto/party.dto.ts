import { PLAIN_TEXT_PATTERN } from '@gateway/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsObject, IsString, Length, Matches, ValidateNested } from 'class-validator';
import { MayBeAbsent } from './may-be-absent';

const PLAIN = { message: 'must not contain control, zero-width or direction characters' };
const COUNTRY = { message: 'must be an ISO 3166-1 code of two upper-case letters' };

/** A postal address, as far as screening uses it. */
export class AddressDto {
  @ApiPropertyOptional()
  @Matches(PLAIN_TEXT_PATTERN, PLAIN)
  @Length(1, 140)
  @MayBeAbsent()
  line?: string;

  @ApiPropertyOptional()
  @Matches(PLAIN_TEXT_PATTERN, PLAIN)
  @Length(1, 70)
  @MayBeAbsent()
  city?: string;

  @ApiPropertyOptional()
  @Matches(PLAIN_TEXT_PATTERN, PLAIN)
  @Length(1, 70)
  @MayBeAbsent()
  region?: string;

  @ApiPropertyOptional()
  @Matches(PLAIN_TEXT_PATTERN, PLAIN)
  @Length(1, 16)
  @MayBeAbsent()
  postal_code?: string;

  @ApiPropertyOptional({ example: 'US' })
  @Matches(/^[A-Z]{2}$/, COUNTRY)
  @MayBeAbsent()
  country?: string;
}

/** The body of `POST /v1/parties`: handed to compliance, neither logged nor stored at the edge. */
export class CreatePartyDto {
  @ApiProperty({ enum: ['payer', 'payee', 'any'] })
  @IsIn(['payer', 'payee', 'any'], { message: 'must be payer, payee or any' })
  @IsDefined()
  role: 'payer' | 'payee' | 'any';

  @ApiProperty({ enum: ['individual', 'business'] })
  @IsIn(['individual', 'business'], { message: 'must be individual or business' })
  @IsDefined()
  type: 'individual' | 'business';

  @ApiProperty({ maxLength: 140, description: 'The full legal name.' })
  @Matches(PLAIN_TEXT_PATTERN, PLAIN)
  @Length(1, 140, { message: 'must have 1 to 140 characters' })
  @IsString({ message: 'must be a string' })
  @IsDefined()
  name: string;

  @ApiProperty({ example: 'US', description: 'ISO 3166-1 code of the country of residence or registration.' })
  @Matches(/^[A-Z]{2}$/, COUNTRY)
  @IsDefined()
  country: string;

  @ApiPropertyOptional({ example: '1990-01-31' })
  @Matches(/^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/, {
    message: 'must be a date such as 1990-01-31',
  })
  @MayBeAbsent()
  date_of_birth?: string;

  @ApiPropertyOptional({ type: AddressDto })
  @Type(() => AddressDto)
  @ValidateNested()
  @IsObject({ message: 'must be an object' })
  @MayBeAbsent()
  address?: AddressDto;
}
