import { EVIDENCE_TEXT_LENGTH, type DisputeEvidence } from '@gateway/contracts/wallet.network.disputes';
import { PLAIN_TEXT_PATTERN } from '@gateway/platform';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Length, Matches } from 'class-validator';
import { DISPUTE_STATUSES, type DisputeStatus } from '../../../domain/disputes/dispute-state';
import { idPattern } from '../../../edge/text';
import { MayBeAbsent } from './may-be-absent';
import { PageLimit } from './page-limit';

/** One text of evidence: what it is about in the words of the partner's records, with references. */
function EvidenceText(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ description, maxLength: EVIDENCE_TEXT_LENGTH }),
    Matches(PLAIN_TEXT_PATTERN, { message: 'must not contain control characters' }),
    Length(1, EVIDENCE_TEXT_LENGTH),
    MayBeAbsent(),
  );
}

/** The body of `POST /v1/disputes/{id}/evidence`: at least one field. */
export class EvidenceDto implements DisputeEvidence {
  @EvidenceText('That the payee got the money or the goods arrived: carrier, tracking number, date.')
  proof_of_delivery?: string;

  @EvidenceText('Invoice or receipt: its number and date.')
  invoice_or_receipt?: string;

  @EvidenceText('What was written with the cardholder: references and dates.')
  customer_communication?: string;

  @EvidenceText('The policy that the cardholder agreed to, and when.')
  refund_or_cancellation_policy?: string;

  @EvidenceText('Anything else.')
  additional?: string;
}

/** The query of `GET /v1/disputes`. */
export class DisputeListDto {
  @PageLimit()
  limit?: number;

  @ApiPropertyOptional({ description: 'Id of the dispute after which the page begins.' })
  @Matches(new RegExp(idPattern('dsp')), { message: 'must be the id of a dispute' })
  @MayBeAbsent()
  starting_after?: string;

  @ApiPropertyOptional({ description: 'Only disputes of this payment.' })
  @Matches(new RegExp(idPattern('pay')), { message: 'must be the id of a payment' })
  @MayBeAbsent()
  payment?: string;

  @ApiPropertyOptional({ enum: DISPUTE_STATUSES })
  @IsIn(DISPUTE_STATUSES, { message: `must be one of ${DISPUTE_STATUSES.join(', ')}` })
  @MayBeAbsent()
  status?: DisputeStatus;
}
