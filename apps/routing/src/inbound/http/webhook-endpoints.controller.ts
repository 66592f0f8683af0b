import { Sealer } from '@gateway/platform';
import { Body, Controller, Delete, Get, Param, Post, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerOf } from '../../edge/answer';
import { IdempotentRequests } from '../../edge/idempotent-requests';
import { WebhookEndpoints } from '../../webhooks/webhook-endpoints';
import { keyedRequestOf, sendAnswer } from './answers';
import { ApiKeyGuard, PartnerId, type PartnerRequest } from './api-key.guard';
import { CreateWebhookEndpointDto } from './dto/webhook-endpoint.dto';
import { IdempotencyKeyHeader } from './openapi-parts';
import { strictValidation } from './validation';

/** `/v1/webhook_endpoints`: where a partner is told of status changes. */
@ApiTags('webhooks')
@ApiSecurity('api_key')
@Controller('v1/webhook_endpoints')
@UseGuards(ApiKeyGuard)
@UsePipes(strictValidation())
export class WebhookEndpointsController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly idempotent: IdempotentRequests,
    private readonly sealer: Sealer,
  ) {}

  @Post()
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Be told of status changes at a URL' })
  @ApiResponse({ status: 201, description: 'The endpoint with its signing secret, which is shown once.' })
  async create(
    @Req() request: PartnerRequest,
    @Res() reply: FastifyReply,
    @Body() { url }: CreateWebhookEndpointDto,
  ): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    const answer = await this.idempotent.once(keyed, async () =>
      answerOf(201, await this.endpoints.create(keyed.partnerId, url)),
    );
    await sendAnswer(reply, answer);
  }

  @Get()
  @ApiOperation({ summary: 'List webhook endpoints' })
  @ApiResponse({ status: 200, description: 'All endpoints of the partner, without secrets.' })
  async list(@PartnerId() partnerId: string): Promise<object> {
    return await this.endpoints.list(partnerId);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a webhook endpoint' })
  @ApiParam({ name: 'id', example: 'whe_01K0EXAMPLE0000000000000000' })
  @ApiResponse({ status: 200, description: 'It is told nothing any more.' })
  async delete(@PartnerId() partnerId: string, @Param('id') id: string): Promise<object> {
    return await this.endpoints.delete(partnerId, id);
  }
}
