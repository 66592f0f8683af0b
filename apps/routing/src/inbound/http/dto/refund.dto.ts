import { REFUND_BEARERS, type RefundBearer } from '@gateway/contracts/payments.payment.events.v1';
import { PLAIN_TEXT_PATTERN } from '@gateway/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, Length, Matches, ValidateNested } from 'class-validator';
import { idPattern } from '../../../edge/text';
import { AmountDto } from './amount.dto';
import { MayBeAbsent } from './may-be-absent';
import { PageLimit } from './page-limit';

const NO_CONTROL = { message: 'must not contain control characters' };

/** The body of `POST /v1/payments/{id}/refunds`. */
export class CreateRefundDto {
  @ApiPropertyOptional({
    type: AmountDto,
    description: 'In either currency of the payment; the other side is computed. Absent: all that is left.',
  })
  @Type(() => AmountDto)
  @ValidateNested()
  @IsObject({ message: 'must be an object with amount and currency' })
  @MayBeAbsent()
  amount?: AmountDto;

  @ApiPropertyOptional({ maxLength: 64 })
  @Matches(PLAIN_TEXT_PATTERN, NO_CONTROL)
  @Length(1, 64)
  @MayBeAbsent()
  reason?: string;

  @ApiPropertyOptional({ maxLength: 64 })
  @Matches(PLAIN_TEXT_PATTERN, NO_CONTROL)
  @Length(1, 64)
  @MayBeAbsent()
  reference?: string;

  @ApiPropertyOptional({
    enum: REFUND_BEARERS,
    description:
      'Who bears a move of the rate since the payment. Needed under refund rule R4, refused under every other.',
  })
  @IsIn([...REFUND_BEARERS], { message: `must be one of ${REFUND_BEARERS.join(', ')}` })
  @MayBeAbsent()
  bearer?: RefundBearer;
}

/** The query of `GET /v1/payments/{id}/refunds`. */
export class RefundListDto {
  @PageLimit()
  limit?: number;

  @ApiPropertyOptional({ description: 'Id of the refund after which the page begins.' })
  @Matches(new RegExp(idPattern('rfd')), { message: 'must be the id of a refund' })
  @MayBeAbsent()
  starting_after?: string;
}
