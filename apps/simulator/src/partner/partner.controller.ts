import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Param, Post, Req, Res, type RawBodyRequest } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PartnerEventsStore, secretSetting } from '../outbound/partner-events.store';
import { SettingsStore } from '../outbound/settings.store';
import { parseObject } from '../wire/fields';
import { problemWithDelivery } from './webhook-signature';

const DEFAULT_ENDPOINT = 'default';
const PAYMENT_ID = /pay_[0-9A-HJKMNP-TV-Z]{26}/;

/** A partner's webhook receiver, with an endpoint per name; every delivery is verified over its raw body. */
@Controller('partner/webhooks')
export class PartnerController {
  constructor(
    private readonly events: PartnerEventsStore,
    private readonly settings: SettingsStore,
  ) {}

  @Post()
  async receive(@Req() request: RawBodyRequest<FastifyRequest>, @Res() reply: FastifyReply): Promise<void> {
    await this.receiveAt(DEFAULT_ENDPOINT, request, reply);
  }

  @Post(':endpoint')
  async receiveAt(
    @Param('endpoint') endpoint: string,
    @Req() request: RawBodyRequest<FastifyRequest>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const fault = await this.events.takeFault(endpoint);
    if (fault) {
      await sleep(fault.delay_ms);
      await reply.status(fault.status).send({ received: false });
      return;
    }
    const rawBody = request.rawBody?.toString('utf8') ?? '';
    const webhookId = headerOf(request, 'webhook-id');
    const problem = await this.problemWith(endpoint, request, rawBody);
    if (problem !== null) {
      await this.events.refuse(endpoint, webhookId, problem);
      await reply.status(401).send({ received: false, problem });
      return;
    }
    await this.events.keep(endpoint, webhookId, PAYMENT_ID.exec(rawBody)?.[0] ?? null, parseObject(rawBody));
    await reply.status(200).send({ received: true });
  }

  private async problemWith(endpoint: string, request: FastifyRequest, rawBody: string): Promise<string | null> {
    const secrets = await this.settings.read<string[]>(secretSetting(endpoint));
    if (!secrets) return 'the receiver has not been given the secret of this endpoint';
    const headers = {
      id: headerOf(request, 'webhook-id'),
      timestamp: headerOf(request, 'webhook-timestamp'),
      signature: headerOf(request, 'webhook-signature'),
    };
    return problemWithDelivery(headers, rawBody, secrets, Date.now());
  }
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
