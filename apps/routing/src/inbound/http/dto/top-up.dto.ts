import { Type } from 'class-transformer';
import { IsDefined, IsObject, Matches, ValidateNested } from 'class-validator';
import { idPattern } from '../../../edge/text';
import { AmountDto } from './amount.dto';

/** The body of `POST /ops/v1/top_ups`. */
export class RequestTopUpDto {
  @Matches(new RegExp(idPattern('prt')), { message: 'must be the id of a partner' })
  @IsDefined()
  partner: string;

  @Type(() => AmountDto)
  @ValidateNested()
  @IsObject({ message: 'must be an object with amount and currency' })
  @IsDefined()
  amount: AmountDto;

  /** As the statement of our bank names the receipt; it counts once. */
  @Matches(/^[\x21-\x7e]{3,64}$/, { message: 'must be 3 to 64 visible characters' })
  @IsDefined()
  bank_reference: string;
}
