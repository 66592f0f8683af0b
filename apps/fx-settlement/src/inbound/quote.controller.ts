import type { OfferKeyPublished } from '@gateway/contracts/fx.key.events.v1';
import { InternalTokenGuard } from '@gateway/platform';
import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import type { OfferClaims } from '../domain/quote';
import { IssueQuote } from '../use-cases/issue-quote';
import { RotateOfferKeys } from '../use-cases/rotate-offer-keys';
import { problemOf } from './quote.problems';
import { QuoteBody } from './quote.request';

/** Firm quotes for routing, which has authenticated the partner, and the keys that prove them. */
@Controller('internal/v1')
@UseGuards(InternalTokenGuard)
export class QuoteController {
  constructor(
    private readonly quotes: IssueQuote,
    private readonly keys: RotateOfferKeys,
  ) {}

  @Post('quotes')
  async issue(@Body() body: QuoteBody): Promise<OfferClaims & { offer: string }> {
    const issued = await this.quotes.issue({
      partnerId: body.partner_id,
      sourceNetwork: body.source_network,
      targetNetwork: body.target_network,
      fixedSide: body.fixed_side,
      amount: body.amount['amount'],
      currency: body.amount['currency'],
      purpose: body.purpose,
      ...(body.valid_for_s === undefined ? {} : { lifeMs: body.valid_for_s * 1000 }),
    });
    if (!issued.ok) throw problemOf(issued);
    return { offer: issued.offer, ...issued.claims };
  }

  @Get('offer-keys')
  async offerKeys(): Promise<{ keys: OfferKeyPublished[] }> {
    return { keys: await this.keys.published() };
  }
}
