import { Sealer } from '@gateway/platform';
import { Body, Controller, Post, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerOf } from '../../edge/answer';
import { ApplePaySessions } from '../../edge/apple-pay-sessions';
import { IdempotentRequests } from '../../edge/idempotent-requests';
import { keyedRequestOf, sendAnswer } from './answers';
import { ApiKeyGuard, type PartnerRequest } from './api-key.guard';
import { CreateApplePaySessionDto } from './dto/apple-pay-session.dto';
import { IdempotencyKeyHeader } from './openapi-parts';
import { strictValidation } from './validation';

const CREATED = 201;

/** `/v1/apple_pay_sessions`: what a web page needs before it has a token. */
@ApiTags('before a payment')
@ApiSecurity('api_key')
@Controller('v1/apple_pay_sessions')
@UseGuards(ApiKeyGuard)
@UsePipes(strictValidation())
export class ApplePaySessionsController {
  constructor(
    private readonly sessions: ApplePaySessions,
    private readonly idempotent: IdempotentRequests,
    private readonly sealer: Sealer,
  ) {}

  @Post()
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Get a merchant session for Apple Pay on the web' })
  @ApiResponse({ status: 201, description: 'The session, for completeMerchantValidation.' })
  async open(
    @Req() request: PartnerRequest,
    @Res() reply: FastifyReply,
    @Body() session: CreateApplePaySessionDto,
  ): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    const open = (): Promise<object> => this.sessions.open(request.partner.partnerId, session);
    await sendAnswer(reply, await this.idempotent.once(keyed, async () => answerOf(CREATED, await open())));
  }
}
