import { DISPUTE_CATEGORIES } from '@gateway/contracts/wallet.network.disputes';
import { IsDefined, IsIn, IsISO8601, Matches } from 'class-validator';
import { idPattern } from '../../../edge/text';
import { MayBeAbsent } from './may-be-absent';

const CATEGORIES = [...DISPUTE_CATEGORIES, '*'];
const TIME = /^2\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;
const TIME_MESSAGE = { message: 'must be a time in UTC, like 2026-12-01T00:00:00Z' };

/** The body of `POST /ops/v1/dispute_liability`. */
export class LiabilityDto {
  @Matches(new RegExp(idPattern('prt')), { message: 'must be the id of a partner' })
  @IsDefined()
  partner: string;

  @IsIn(CATEGORIES, { message: `must be one of ${CATEGORIES.join(', ')}` })
  @IsDefined()
  category: string;

  @IsIn(['partner', 'gateway'], { message: 'must be partner or gateway' })
  @IsDefined()
  bearer: 'partner' | 'gateway';

  /** Where the contract says so. */
  @Matches(/^[^\p{C}]{1,100}$/u, { message: 'must name the clause of the contract, 1 to 100 characters' })
  @IsDefined()
  clause: string;

  @IsISO8601({ strict: true }, TIME_MESSAGE)
  @Matches(TIME, TIME_MESSAGE)
  @IsDefined()
  from: string;

  @IsISO8601({ strict: true }, TIME_MESSAGE)
  @Matches(TIME, TIME_MESSAGE)
  @MayBeAbsent()
  to?: string;

  @Matches(/^[^\p{C}]{10,500}$/u, { message: 'must say in 10 to 500 characters why' })
  @IsDefined()
  reason: string;
}
