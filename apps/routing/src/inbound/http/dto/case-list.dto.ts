import { Matches } from 'class-validator';
import { idPattern } from '../../../edge/text';
import { MayBeAbsent } from './may-be-absent';

/** The query of `GET /ops/v1/cases`. */
export class CaseListDto {
  @Matches(new RegExp(idPattern('pay')), { message: 'must be the id of a payment' })
  @MayBeAbsent()
  payment?: string;

  /** Id of the last case of the page before. */
  @Matches(new RegExp(idPattern('cas')), { message: 'must be the id of a case' })
  @MayBeAbsent()
  before?: string;
}
