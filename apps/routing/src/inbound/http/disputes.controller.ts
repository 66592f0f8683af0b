import { Sealer } from '@gateway/platform';
import { Body, Controller, Get, Param, Post, Query, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerOf } from '../../edge/answer';
import { IdempotentRequests } from '../../edge/idempotent-requests';
import { PartnerDisputes } from '../../edge/partner-disputes';
import { keyedRequestOf, sendAnswer } from './answers';
import { ApiKeyGuard, PartnerId, type PartnerRequest } from './api-key.guard';
import { DisputeListDto, EvidenceDto } from './dto/dispute.dto';
import { IdempotencyKeyHeader } from './openapi-parts';
import { strictValidation } from './validation';

const DISPUTE_ID = { name: 'id', example: 'dsp_01K0EXAMPLE0000000000000000' };

/** Disputes: a cardholder's bank has taken the money of a payment back. Only payments by card have them. */
@ApiTags('disputes')
@ApiSecurity('api_key')
@Controller('v1/disputes')
@UseGuards(ApiKeyGuard)
@UsePipes(strictValidation())
export class DisputesController {
  constructor(
    private readonly disputes: PartnerDisputes,
    private readonly idempotent: IdempotentRequests,
    private readonly sealer: Sealer,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List disputes, newest first' })
  @ApiResponse({ status: 200, description: 'A page of disputes.' })
  async list(@PartnerId() partnerId: string, @Query() filter: DisputeListDto): Promise<object> {
    return await this.disputes.list(partnerId, filter);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One dispute with its history' })
  @ApiParam(DISPUTE_ID)
  @ApiResponse({ status: 200, description: 'The dispute.' })
  async get(@PartnerId() partnerId: string, @Param('id') id: string): Promise<object> {
    return await this.disputes.get(partnerId, id);
  }

  @Post(':id/evidence')
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Answer a dispute with evidence; it is sent at once and cannot be amended' })
  @ApiParam(DISPUTE_ID)
  @ApiResponse({ status: 202, description: 'The evidence is on its way to the network.' })
  async evidence(
    @Req() request: PartnerRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: EvidenceDto,
  ): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    const answer = await this.idempotent.once(keyed, async () =>
      answerOf(202, await this.disputes.giveEvidence(keyed, id, body)),
    );
    await sendAnswer(reply, answer);
  }

  @Post(':id/accept')
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Let a dispute stand' })
  @ApiParam(DISPUTE_ID)
  @ApiResponse({ status: 202, description: 'The acceptance is on its way to the network.' })
  async accept(@Req() request: PartnerRequest, @Res() reply: FastifyReply, @Param('id') id: string): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    const answer = await this.idempotent.once(keyed, async () => answerOf(202, await this.disputes.accept(keyed, id)));
    await sendAnswer(reply, answer);
  }
}
