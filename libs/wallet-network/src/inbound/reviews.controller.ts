import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards, UsePipes } from '@nestjs/common';
import { InternalTokenGuard, Problem, strictValidation } from '@gateway/platform';
import { ReadReviews } from '../use-cases/read-reviews';
import { ResolveUnknowns, type ResolutionRefusal } from '../use-cases/resolve-unknowns';
import { DecideResolutionBody, RequestResolutionBody, ReviewsQuery } from './review.request';

const REFUSALS: Readonly<Record<ResolutionRefusal, [code: string, detail: string]>> = {
  unknown: ['INSTRUCTION_UNKNOWN', 'There is no instruction with this id at this network.'],
  not_open: [
    'NOT_OPEN_TO_PEOPLE',
    'The network is still asked, or has answered: there is nothing for a person to decide.',
  ],
  requested_before: ['RESOLUTION_WAITS', 'A finding about this instruction waits for its decision. Decide it first.'],
  not_requested: ['RESOLUTION_NOT_FOUND', 'No finding about this instruction waits for a decision.'],
  same_person: ['SECOND_PERSON_NEEDED', 'Who entered the finding cannot decide it.'],
};

/** Unknown outcomes that wait for a person, forwarded by routing for operators that it has authenticated. */
@Controller('internal/v1/reviews')
@UseGuards(InternalTokenGuard)
@UsePipes(strictValidation())
export class ReviewsController {
  constructor(
    private readonly reviews: ReadReviews,
    private readonly resolve: ResolveUnknowns,
  ) {}

  @Get()
  async queue(@Query() query: ReviewsQuery): Promise<object> {
    return await this.reviews.page(query.after ?? '', query.limit);
  }

  @Post(':id/resolution')
  async request(@Param('id') instructionId: string, @Body() body: RequestResolutionBody): Promise<object> {
    const answered = await this.resolve.request({
      instructionId,
      finding: body.finding,
      networkReference: body.network_reference ?? null,
      evidenceFile: body.evidence,
      reason: body.reason,
      requestedBy: body.requested_by,
    });
    if (typeof answered === 'string') throw refused(answered);
    return { id: answered.resolutionId, object: 'resolution', instruction_id: instructionId, state: 'requested' };
  }

  @Post(':id/resolution/decision')
  @HttpCode(200)
  async decide(@Param('id') instructionId: string, @Body() body: DecideResolutionBody): Promise<object> {
    const answered = await this.resolve.decide({ instructionId, verdict: body.verdict, decidedBy: body.decided_by });
    if (typeof answered === 'string') throw refused(answered);
    const { resolution, state } = answered;
    return { id: resolution.resolutionId, object: 'resolution', instruction_id: instructionId, state };
  }
}

function refused(refusal: ResolutionRefusal): Problem {
  const [code, detail] = REFUSALS[refusal];
  return new Problem({ status: 409, code, title: 'Refused', detail });
}
