import { PLAIN_TEXT_PATTERN } from '@gateway/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, Length, Matches } from 'class-validator';
import type { PublicStatus } from '../../../domain/public-status';
import { MayBeAbsent } from './may-be-absent';
import { PageLimit } from './page-limit';

export const PUBLIC_STATUSES: readonly PublicStatus[] = [
  'processing',
  'requires_action',
  'completed',
  'declined',
  'canceled',
  'failed',
];

const PAYMENT_ID = /^pay_[0-9A-Z]{26}$/;
/** A day, or an instant with its zone: ISO 8601 has more forms (weeks, days of a year), which are no instants here. */
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;
const INSTANT_MESSAGE = { message: 'must be an instant such as 2026-11-25T10:00:00Z' };

/** The query of `GET /v1/payments`. Newest first; `starting_after` and `ending_before` exclude each other. */
export class PaymentListDto {
  @PageLimit()
  limit?: number;

  @ApiPropertyOptional({ description: 'Id of a payment: the page after it.' })
  @Matches(PAYMENT_ID, { message: 'must be the id of a payment' })
  @MayBeAbsent()
  starting_after?: string;

  @ApiPropertyOptional({ description: 'Id of a payment: the page before it.' })
  @Matches(PAYMENT_ID, { message: 'must be the id of a payment' })
  @MayBeAbsent()
  ending_before?: string;

  @ApiPropertyOptional({ enum: PUBLIC_STATUSES })
  @IsIn(PUBLIC_STATUSES, { message: `must be one of ${PUBLIC_STATUSES.join(', ')}` })
  @MayBeAbsent()
  status?: PublicStatus;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsISO8601({ strict: true, strictSeparator: true }, INSTANT_MESSAGE)
  @Matches(INSTANT, INSTANT_MESSAGE)
  @MayBeAbsent()
  'created[gte]'?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @IsISO8601({ strict: true, strictSeparator: true }, INSTANT_MESSAGE)
  @Matches(INSTANT, INSTANT_MESSAGE)
  @MayBeAbsent()
  'created[lte]'?: string;

  @ApiPropertyOptional({ maxLength: 64 })
  @Matches(PLAIN_TEXT_PATTERN, { message: 'must not contain control characters' })
  @Length(1, 64)
  @MayBeAbsent()
  reference?: string;
}
