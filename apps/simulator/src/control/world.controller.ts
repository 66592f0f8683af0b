import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ACQUIRER_WEBHOOK_SETTING } from '../acquirer/acquirer-webhooks';
import type { PayerAnswer } from '../ams/ams-payments';
import { CardPaymentsStore } from '../outbound/card-payments.store';
import {
  faultSetting,
  PartnerEventsStore,
  secretSetting,
  type PartnerEventView,
} from '../outbound/partner-events.store';
import { SettingsStore } from '../outbound/settings.store';
import { FEED_SETTING, type FeedSetting } from '../treasury/rate-feed';
import { minorUnitsAt, textAt, type JsonObject } from '../wire/fields';
import { ControlGuard } from './control.guard';
import { readFields, readNetwork, refused, requiredText, wholeNumber } from './control-request';
import { Happenings } from './happenings';

const DEFAULT_ENDPOINT = 'default';
const MAX_DELAY_MS = 60_000;

/** What people and institutions of the outside world do by themselves: payers, receiving banks, treasury, partners. */
@Controller('control')
@UseGuards(ControlGuard)
export class WorldController {
  constructor(
    private readonly settings: SettingsStore,
    private readonly events: PartnerEventsStore,
    private readonly happenings: Happenings,
    private readonly cards: CardPaymentsStore,
  ) {}

  /** The payer pays (default) or refuses (`{answer:"refuse"}`) an open order, by our id or the network's. */
  @Post('ams/orders/:id/confirm')
  @HttpCode(200)
  async confirm(@Param('id') id: string, @Body() body: unknown): Promise<unknown> {
    const { answer = 'pay' } = readFields(body ?? {}, ['answer']);
    if (answer !== 'pay' && answer !== 'refuse') throw refused('answer', 'is one of pay, refuse');
    return this.happenings.payerAnswers(id, answer satisfies PayerAnswer);
  }

  /** A credited transfer comes back; with `amount` (fen) a part of it. */
  @Post('transfers/:id/return')
  @HttpCode(200)
  async returnTransfer(@Param('id') id: string, @Body() body: unknown): Promise<{ returned: true }> {
    return this.happenings.transferReturns(id, partIn(body));
  }

  /** A credited payout to a card comes back, by the acquirer's payment id; with `amount` (cents) a part of it. */
  @Post('payouts/:id/return')
  @HttpCode(200)
  async returnPayout(@Param('id') id: string, @Body() body: unknown): Promise<{ returned: true }> {
    return this.happenings.payoutReturns(id, partIn(body));
  }

  /** The acquirer gives a payment's money back by itself, by its id or ours; with `amount` (cents) a part of it. */
  @Post('payments/:id/take_back')
  @HttpCode(200)
  async takeBack(@Param('id') id: string, @Body() body: unknown): Promise<{ taken_back: true }> {
    const [payment] = await this.cards.findByReference(id, 1, 0);
    return this.happenings.cardTakenBack(payment?.id ?? id, partIn(body));
  }

  /** `{network, reference}`: what the acquirer or the open platform refused, or acknowledged as undone, is done after all. */
  @Post('late_success')
  @HttpCode(200)
  async lateSuccess(@Body() sent: unknown): Promise<{ succeeded: true }> {
    const body = readFields(sent, ['network', 'reference']);
    const network = readNetwork(body);
    if (network === 'ams') throw refused('network', 'is one of acquirer, open_platform');
    return this.happenings.lateSuccess(network, requiredText(body, 'reference'));
  }

  /** `{mid?, as_of?, moving?, down?}`; an empty object restores the ordinary feed. */
  @Post('treasury')
  @HttpCode(200)
  async treasury(@Body() body: unknown): Promise<{ set: true }> {
    await this.settings.write(FEED_SETTING, readFeed(readFields(body, ['mid', 'as_of', 'moving', 'down'])));
    return { set: true };
  }

  @Post('acquirer/webhook')
  @HttpCode(200)
  async webhook(@Body() sent: unknown): Promise<{ set: true }> {
    const body = readFields(sent, ['url', 'secret']);
    const secret = textAt(body, 'secret');
    const url = requiredText(body, 'url');
    await this.settings.write(ACQUIRER_WEBHOOK_SETTING, { url, ...(secret !== undefined && { secret }) });
    return { set: true };
  }

  /** `{secret, endpoint?, previous?}`: what the partner's receiver verifies with. */
  @Post('partner/secret')
  @HttpCode(200)
  async partnerSecret(@Body() sent: unknown): Promise<{ set: true }> {
    const body = readFields(sent, ['secret', 'endpoint', 'previous']);
    const secrets = [requiredText(body, 'secret'), textAt(body, 'previous')].filter((one) => one !== undefined);
    await this.settings.write(secretSetting(textAt(body, 'endpoint') ?? DEFAULT_ENDPOINT), secrets);
    return { set: true };
  }

  /** `{times, status?, delay_ms?, endpoint?}`: the receiver fails its next deliveries. */
  @Post('partner/failures')
  @HttpCode(200)
  async partnerFailures(@Body() sent: unknown): Promise<{ set: true }> {
    const body = readFields(sent, ['times', 'status', 'delay_ms', 'endpoint']);
    await this.settings.write(faultSetting(textAt(body, 'endpoint') ?? DEFAULT_ENDPOINT), {
      remaining: wholeNumber(body['times'], 0, 1_000_000, 'times'),
      status: wholeNumber(body['status'] ?? 500, 100, 599, 'status'),
      delay_ms: wholeNumber(body['delay_ms'] ?? 0, 0, MAX_DELAY_MS, 'delay_ms'),
    });
    return { set: true };
  }

  @Get('partner/events')
  async partnerEvents(
    @Query('payment') payment?: string,
    @Query('after') after?: string,
  ): Promise<{ events: PartnerEventView[] }> {
    if (after !== undefined && !/^[0-9]{1,18}$/.test(after)) throw refused('after', 'is a position');
    return { events: await this.events.list(payment, after ?? '0') };
  }

  @Get('partner/refusals')
  async partnerRefusals(): Promise<{ refusals: unknown[] }> {
    return { refusals: await this.events.refusals() };
  }
}

/** Absurd rates and times are let through, as tests want them; other kinds of values are not. */
function readFeed(given: JsonObject): FeedSetting {
  const kinds = { mid: 'string', as_of: 'string', moving: 'boolean', down: 'boolean' } as const;
  for (const [field, kind] of Object.entries(kinds)) {
    if (given[field] !== undefined && typeof given[field] !== kind) throw refused(field, `is a ${kind}`);
  }
  return given;
}

/** How much comes back; null for all of it. */
function partIn(body: unknown): bigint | null {
  const fields = readFields(body ?? {}, ['amount']);
  if (fields['amount'] === undefined) return null;
  const part = minorUnitsAt(fields, 'amount');
  if (part === undefined || part <= 0n) throw refused('amount', 'is a number of minor units above zero');
  return part;
}
