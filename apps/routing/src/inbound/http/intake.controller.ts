import { Sealer } from '@gateway/platform';
import { Body, Controller, Post, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { answerOf } from '../../edge/answer';
import { IdempotentRequests, nameOfRequest, type IdempotentRequest } from '../../edge/idempotent-requests';
import { Intake, readInstrumentRequest } from '../../edge/intake';
import { Quotes } from '../../edge/quotes';
import { keyedRequestOf, sendAnswer } from './answers';
import { ApiKeyGuard, type PartnerRequest } from './api-key.guard';
import { CreatePartyDto } from './dto/party.dto';
import { CreateQuoteDto } from './dto/quote.dto';
import { IdempotencyKeyHeader } from './openapi-parts';
import { strictValidation } from './validation';

const CREATED = 201;

/** What comes before a payment: `/v1/instruments`, `/v1/parties`, `/v1/quotes`. */
@ApiTags('before a payment')
@ApiSecurity('api_key')
@Controller('v1')
@UseGuards(ApiKeyGuard)
@UsePipes(strictValidation())
export class IntakeController {
  constructor(
    private readonly intake: Intake,
    private readonly quotes: Quotes,
    private readonly idempotent: IdempotentRequests,
    private readonly sealer: Sealer,
  ) {}

  @Post('instruments')
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Register an instrument to pay with or to be paid on' })
  @ApiResponse({ status: 201, description: 'The instrument and what it can do.' })
  async instrument(@Req() request: PartnerRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.once(request, reply, (keyed) =>
      this.intake.registerInstrument(
        keyed.partnerId,
        this.sealer.blindIndex(nameOfRequest(keyed)),
        readInstrumentRequest(request.body),
      ),
    );
  }

  @Post('parties')
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Register a payer or payee' })
  @ApiResponse({ status: 201, description: 'The party.' })
  async party(
    @Req() request: PartnerRequest,
    @Res() reply: FastifyReply,
    @Body() party: CreatePartyDto,
  ): Promise<void> {
    await this.once(request, reply, () => this.intake.registerParty(request.partner.partnerId, party));
  }

  @Post('quotes')
  @IdempotencyKeyHeader()
  @ApiOperation({ summary: 'Ask for a firm price, as a signed offer' })
  @ApiResponse({ status: 201, description: 'The quote with its offer.' })
  async quote(
    @Req() request: PartnerRequest,
    @Res() reply: FastifyReply,
    @Body() quote: CreateQuoteDto,
  ): Promise<void> {
    await this.once(request, reply, () => this.quotes.create(request.partner.partnerId, quote));
  }

  private async once(
    request: PartnerRequest,
    reply: FastifyReply,
    work: (keyed: IdempotentRequest) => Promise<object>,
  ): Promise<void> {
    const keyed = keyedRequestOf(request, this.sealer);
    await sendAnswer(reply, await this.idempotent.once(keyed, async () => answerOf(CREATED, await work(keyed))));
  }
}
