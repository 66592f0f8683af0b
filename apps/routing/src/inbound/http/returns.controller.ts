import { Sealer } from '@gateway/platform';
import { Body, Controller, Get, Param, Post, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerOf } from '../../edge/answer';
import { IdempotentRequests } from '../../edge/idempotent-requests';
import { PartnerReturns } from '../../edge/partner-returns';
import { keyedRequestOf, sendAnswer } from './answers';
import { ApiKeyGuard, PartnerId, type PartnerRequest } from './api-key.guard';
import { CorrectReturnDto } from './dto/return.dto';
import { IdempotencyKeyHeader } from './openapi-parts';
import { strictValidation } from './validation';

const RETURN_ID = { name: 'id', example: 'ret_01K0EXAMPLE0000000000000000' };

/** Credits that the payee's network gave back after the payment was completed. */
@ApiTags('returns')
@ApiSecurity('api_key')
@Controller('v1/returns')
@UseGuards(ApiKeyGuard)
@UsePipes(strictValidation())
export class ReturnsController {
  constructor(
    private readonly returns: PartnerReturns,
    private readonly idempotent: IdempotentRequests,
    private readonly sealer: Sealer,
  ) {}

  @Get(':id')
  @ApiOperation({ summary: 'One returned credit with its history' })
  @ApiParam(RETURN_ID)
  @ApiResponse({ status: 200, description: 'The returned credit.' })
  async get(@PartnerId() partnerId: string, @Param('id') id: string): Promise<object> {
    return await this.returns.get(partnerId, id);
  }

  @Post(':id/correct')
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Credit the payee once more, on another instrument; possible once' })
  @ApiParam(RETURN_ID)
  @ApiResponse({ status: 202, description: 'The second credit is under way.' })
  async correct(
    @Req() request: PartnerRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: CorrectReturnDto,
  ): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    const answer = await this.idempotent.once(keyed, async () =>
      answerOf(202, await this.returns.correct(keyed, id, body.target_instrument)),
    );
    await sendAnswer(reply, answer);
  }

  @Post(':id/refund')
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Turn a returned credit into a refund; it needs no balance' })
  @ApiParam(RETURN_ID)
  @ApiResponse({ status: 202, description: 'The refund is under way: see `refund`.' })
  async refund(@Req() request: PartnerRequest, @Res() reply: FastifyReply, @Param('id') id: string): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    const answer = await this.idempotent.once(keyed, async () => answerOf(202, await this.returns.refund(keyed, id)));
    await sendAnswer(reply, answer);
  }
}
