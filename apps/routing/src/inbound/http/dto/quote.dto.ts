import { PURPOSES, type Purpose } from '@gateway/contracts/wallet.network.commands.v1';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsInt, IsObject, Matches, Max, Min, ValidateNested } from 'class-validator';
import { AmountDto } from './amount.dto';
import { MayBeAbsent } from './may-be-absent';

/** The form of network ids; whether there is such a network is asked where the request is handled. */
const NETWORK = /^[a-z][a-z0-9-]{1,31}$/;
const NETWORK_MESSAGE = { message: 'must be the id of a wallet network, such as applepay or alipay' };

/** The body of `POST /v1/quotes`. */
export class CreateQuoteDto {
  @ApiProperty({ example: 'applepay' })
  @Matches(NETWORK, NETWORK_MESSAGE)
  @IsDefined()
  source_network: string;

  @ApiProperty({ example: 'alipay' })
  @Matches(NETWORK, NETWORK_MESSAGE)
  @IsDefined()
  target_network: string;

  @ApiProperty({ enum: ['source', 'target'], description: 'The side whose amount is given.' })
  @IsIn(['source', 'target'], { message: 'must be source or target' })
  @IsDefined()
  fixed_side: 'source' | 'target';

  @ApiProperty({ type: AmountDto })
  @Type(() => AmountDto)
  @ValidateNested()
  @IsObject({ message: 'must be an object with amount and currency' })
  @IsDefined()
  amount: AmountDto;

  @ApiProperty({ enum: PURPOSES })
  @IsIn(PURPOSES, { message: `must be one of ${PURPOSES.join(', ')}` })
  @IsDefined()
  purpose: Purpose;

  @ApiPropertyOptional({ minimum: 3, maximum: 300, description: 'Seconds after which the quote is over; default 300.' })
  @Max(300, { message: 'must be 300 at most' })
  @Min(3, { message: 'must be 3 at least' })
  @IsInt({ message: 'must be a whole number of seconds' })
  @MayBeAbsent()
  valid_for_s?: number;
}
