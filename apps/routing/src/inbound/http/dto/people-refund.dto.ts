import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsObject, Matches, ValidateNested } from 'class-validator';
import { idPattern } from '../../../edge/text';
import { AmountDto } from './amount.dto';
import { MayBeAbsent } from './may-be-absent';

const REASON = /^[^\p{C}]{10,500}$/u;
const REASON_MESSAGE = { message: 'must say in 10 to 500 characters why' };

/** The body of `POST /ops/v1/owed_refunds/{id}/decisions`. */
export class OwedRefundDto {
  @IsIn(['other_instrument', 'bank_transfer'], { message: 'must be other_instrument or bank_transfer' })
  @IsDefined()
  way: 'other_instrument' | 'bank_transfer';

  @Matches(new RegExp(idPattern('ins')), { message: 'must be the id of an instrument' })
  @MayBeAbsent()
  instrument?: string;

  /** As the statement of our bank names the transfer; it counts once. */
  @Matches(/^[\x21-\x7e]{3,64}$/, { message: 'must be 3 to 64 visible characters' })
  @MayBeAbsent()
  bank_reference?: string;

  @Matches(REASON, REASON_MESSAGE)
  @IsDefined()
  reason: string;
}

/** The body of `POST /ops/v1/payments/{id}/late_refunds`. */
export class LateRefundDto {
  @Type(() => AmountDto)
  @ValidateNested()
  @IsObject({ message: 'must be an object with amount and currency' })
  @MayBeAbsent()
  amount?: AmountDto;

  @Matches(REASON, REASON_MESSAGE)
  @IsDefined()
  reason: string;
}
