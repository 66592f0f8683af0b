import { OPERATOR_ACTOR } from '@gateway/platform';
import { Type } from 'class-transformer';
import { IsIn, IsObject, Matches, ValidateNested } from 'class-validator';

const PARTNER = /^[a-zA-Z0-9_-]{1,64}$/;

class AmountBody {
  /** Digits of minor units. */
  @Matches(/^[1-9][0-9]{0,14}$/)
  amount: string;

  @IsIn(['USD', 'CNY'])
  currency: string;
}

/** A receipt at our bank for a partner's balance, entered by one named person. */
export class RequestTopUpBody {
  @Matches(PARTNER)
  partner_id: string;

  @Type(() => AmountBody)
  @ValidateNested()
  @IsObject({ message: 'is an object with amount and currency' })
  amount: AmountBody;

  @Matches(/^[\x21-\x7e]{3,64}$/)
  bank_reference: string;

  @Matches(OPERATOR_ACTOR)
  requested_by: string;
}

export class ApproveTopUpBody {
  @Matches(OPERATOR_ACTOR)
  approved_by: string;
}

export class BalancesQuery {
  @Matches(PARTNER)
  partner: string;
}
