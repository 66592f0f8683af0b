import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { Clock, InternalTokenGuard, Problem } from '@gateway/platform';
import { ApplePayClients } from '../applepay.clients';
import type { MerchantSession, SessionRequest } from './merchant-sessions';

const PARTNER_ID = /^[A-Za-z0-9_-]{1,96}$/;
/** A host name of at least two labels, in lower case; internationalised names as browsers send them (xn--). */
const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** `POST /internal/v1/apple_pay_sessions`, for routing's edge alone. */
@Controller('internal/v1/apple_pay_sessions')
@UseGuards(InternalTokenGuard)
export class MerchantSessionsController {
  constructor(
    private readonly clients: ApplePayClients,
    private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(201)
  open(@Body() body: unknown): Promise<MerchantSession> {
    return this.clients.sessions.open(readRequest(body), this.clock.nowMs());
  }
}

function readRequest(body: unknown): SessionRequest {
  const {
    partner_id: partnerId,
    domain_name: domainName,
    validation_url: validationUrl,
    ...others
  } = (body ?? {}) as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrong(other, 'is not a field here');
  if (typeof partnerId !== 'string' || !PARTNER_ID.test(partnerId)) throw wrong('partner_id', 'is not a partner id');
  if (typeof domainName !== 'string' || !DOMAIN.test(domainName))
    throw wrong('domain_name', 'is not a domain name in lower case, such as shop.example.com');
  if (typeof validationUrl !== 'string') throw wrong('validation_url', 'is not a text');
  return { partnerId, domainName, validationUrl };
}

function wrong(param: string, what: string): Problem {
  return new Problem({ status: 422, code: 'FIELD_INVALID', title: 'Not valid', detail: `${param} ${what}.`, param });
}
