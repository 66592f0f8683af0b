import { Sealer } from '@gateway/platform';
import { Body, Controller, Get, Param, Post, Query, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerOf } from '../../edge/answer';
import { IdempotentRequests } from '../../edge/idempotent-requests';
import { PartnerRefunds } from '../../edge/partner-refunds';
import { keyedRequestOf, sendAnswer } from './answers';
import { ApiKeyGuard, PartnerId, type PartnerRequest } from './api-key.guard';
import { CreateRefundDto, RefundListDto } from './dto/refund.dto';
import { IdempotencyKeyHeader } from './openapi-parts';
import { strictValidation } from './validation';

/** Refunds of completed payments: in full or in parts, at the payment's own rate. */
@ApiTags('refunds')
@ApiSecurity('api_key')
@Controller('v1')
@UseGuards(ApiKeyGuard)
@UsePipes(strictValidation())
export class RefundsController {
  constructor(
    private readonly refunds: PartnerRefunds,
    private readonly idempotent: IdempotentRequests,
    private readonly sealer: Sealer,
  ) {}

  @Post('payments/:id/refunds')
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Refund a completed payment, in full or in part' })
  @ApiParam({ name: 'id', example: 'pay_01K0EXAMPLE0000000000000000' })
  @ApiResponse({ status: 202, description: 'The refund is under way; both amounts are firm.' })
  async create(
    @Req() request: PartnerRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: CreateRefundDto,
  ): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    const answer = await this.idempotent.once(keyed, async () =>
      answerOf(202, await this.refunds.create(keyed, id, body)),
    );
    await sendAnswer(reply, answer);
  }

  @Get('payments/:id/refunds')
  @ApiOperation({ summary: 'List the refunds of a payment, newest first' })
  @ApiParam({ name: 'id', example: 'pay_01K0EXAMPLE0000000000000000' })
  @ApiResponse({ status: 200, description: 'A page of refunds.' })
  async list(@PartnerId() partnerId: string, @Param('id') id: string, @Query() filter: RefundListDto): Promise<object> {
    return await this.refunds.list(partnerId, id, filter);
  }

  @Get('refunds/:id')
  @ApiOperation({ summary: 'One refund with its history' })
  @ApiParam({ name: 'id', example: 'rfd_01K0EXAMPLE0000000000000000' })
  @ApiResponse({ status: 200, description: 'The refund.' })
  async get(@PartnerId() partnerId: string, @Param('id') id: string): Promise<object> {
    return await this.refunds.get(partnerId, id);
  }
}
