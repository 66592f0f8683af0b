import { OPERATOR_ACTOR } from '@gateway/platform';
import { IsIn, IsInt, IsOptional, Matches, Max, Min, ValidateIf } from 'class-validator';
import { Type } from 'class-transformer';
import { FINDINGS, type Finding } from '../domain/resolution';

const INSTRUCTION = /^[A-Za-z0-9_-]{1,96}$/;
const MOST = 100;

/** Which part of the queue. */
export class ReviewsQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST)
  limit?: number;

  /** The last instruction id of the page before. */
  @IsOptional()
  @Matches(INSTRUCTION)
  after?: string;
}

/** What one person has found out about an unknown outcome. */
export class RequestResolutionBody {
  @IsIn(FINDINGS)
  finding: Finding;

  /** The network's own reference; needed where it is done. */
  @ValidateIf(
    ({ finding, network_reference }: RequestResolutionBody) => finding === 'done' || network_reference !== undefined,
  )
  @Matches(/^[\x21-\x7e]{1,128}$/, {
    message: 'network_reference is the reference that the network shows, 1 to 128 characters',
  })
  network_reference?: string;

  /** Where the proof is kept: a file or case, by name. */
  @Matches(/^[\x21-\x7e]{3,200}$/, {
    message: 'evidence names the file or case that holds the proof, 3 to 200 characters',
  })
  evidence: string;

  @Matches(/^[^\p{C}]{10,500}$/u, { message: 'reason says in 10 to 500 characters why the finding is right' })
  reason: string;

  @Matches(OPERATOR_ACTOR)
  requested_by: string;
}

/** What a second person says to it. */
export class DecideResolutionBody {
  @IsIn(['approve', 'reject'])
  verdict: 'approve' | 'reject';

  @Matches(OPERATOR_ACTOR)
  decided_by: string;
}
