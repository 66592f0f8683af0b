import { IsDateString, IsIn, IsISO31661Alpha2, IsObject, IsOptional, IsString, Length, Matches } from 'class-validator';

/** Letters of any script, marks, digits and the punctuation of names; no control, bidirectional or zero-width characters. */
const NAME = /^[\p{L}\p{M}\p{N} .,'’&()/-]+$/u;

/** `POST /internal/v1/parties`. */
export class PartyDto {
  @IsString()
  @Length(1, 64)
  partner_id: string;

  /** Kept by routing; here it is only part of the request. */
  @IsOptional()
  @IsIn(['payer', 'payee', 'any'])
  role?: 'payer' | 'payee' | 'any';

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
  @IsObject()
  address?: Record<string, string>;
}
