import { Sealer } from '@gateway/platform';
import { Controller, Get, Param, Post, Query, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerOf } from '../../edge/answer';
import { CreatePayments } from '../../edge/create-payments';
import { IdempotentRequests } from '../../edge/idempotent-requests';
import { PartnerPayments } from '../../edge/partner-payments';
import { createPaymentSchema, readCreatePayment } from '../../edge/payment.schema';
import { paymentViewSchema } from '../../edge/payment-view.schema';
import { keyedRequestOf, sendAnswer } from './answers';
import { ApiKeyGuard, PartnerId, type PartnerRequest } from './api-key.guard';
import { PaymentListDto } from './dto/payment-list.dto';
import { IdempotencyKeyHeader } from './openapi-parts';
import { strictValidation } from './validation';

/** `/v1/payments`: make one from an offer, follow it, list, cancel. */
@ApiTags('payments')
@ApiSecurity('api_key')
@Controller('v1/payments')
@UseGuards(ApiKeyGuard)
export class PaymentsController {
  constructor(
    private readonly createPayments: CreatePayments,
    private readonly payments: PartnerPayments,
    private readonly idempotent: IdempotentRequests,
    private readonly sealer: Sealer,
  ) {}

  @Post()
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Make a payment from a signed offer' })
  @ApiBody({ schema: createPaymentSchema as object })
  @ApiResponse({ status: 202, description: 'The payment is under way.' })
  async create(@Req() request: PartnerRequest, @Res() reply: FastifyReply): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    const body = readCreatePayment(request.body);
    const actor = `partner:${keyed.partnerId}`;
    await sendAnswer(reply, await this.createPayments.create({ ...keyed, actor, body }));
  }

  @Get()
  @UsePipes(strictValidation())
  @ApiOperation({ summary: 'List payments, newest first' })
  @ApiResponse({ status: 200, description: 'A page of payments.' })
  async list(@PartnerId() partnerId: string, @Query() filter: PaymentListDto): Promise<object> {
    return await this.payments.list(partnerId, filter);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One payment with its legs and history' })
  @ApiParam({ name: 'id', example: 'pay_01K0EXAMPLE0000000000000000' })
  @ApiResponse({ status: 200, description: 'The payment.', schema: paymentViewSchema as object })
  async get(@PartnerId() partnerId: string, @Param('id') id: string): Promise<object> {
    return await this.payments.get(partnerId, id);
  }

  @Post(':id/cancel')
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Cancel a payment; possible until the credit is sent' })
  @ApiParam({ name: 'id', example: 'pay_01K0EXAMPLE0000000000000000' })
  @ApiResponse({ status: 200, description: 'The payment, on its way back.' })
  async cancel(@Req() request: PartnerRequest, @Res() reply: FastifyReply, @Param('id') id: string): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    const answer = await this.idempotent.once(keyed, async () =>
      answerOf(200, await this.payments.cancel(keyed.partnerId, id)),
    );
    await sendAnswer(reply, answer);
  }
}
