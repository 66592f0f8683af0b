import { IsDateString, IsIn, IsISO31661Alpha2, IsOptional, IsString, Length, Matches } from 'class-validator';

/** Letters of any script, marks, digits and the punctuation of names; no control, bidirectional or zero-width characters. */
const NAME = /^[\p{L}\p{M}\p{N} .,'’&()/-]+$/u;

/** `POST /internal/v1/parties`. */
export class PartyDto {
  @IsString()
  @Length(1, 64)
  partner_id: string;

  @IsIn(['individual', 'business'])
  type: 'individual' | 'business';

  @IsString()
  @Length(1, 140)
  @Matches(NAME, { message: "name may have letters, digits, spaces and . , ' & ( ) / - only" })
  name: string;

  @IsISO31661Alpha2()
  country: string;

  @IsOptional()
  @IsDateString({ strict: true })
  date_of_birth?: string;

  @IsOptional()
  @IsString()
  @Length(1, 280)
  address?: string;
}
