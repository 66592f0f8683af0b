import { Controller, Post, Req, Res, type RawBodyRequest } from '@nestjs/common';
import { Problem } from '@gateway/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReceiveNotification } from '../use-cases/receive-notification';

/** Where networks send notifications to. What is signed is the body and path as received, so nothing is parsed here. */
@Controller('notifications')
export class NotificationsController {
  constructor(private readonly notifications: ReceiveNotification) {}

  @Post(['', '*'])
  async receive(@Req() request: RawBodyRequest<FastifyRequest>, @Res() reply: FastifyReply): Promise<void> {
    const receipt = await this.notifications.receive({
      headers: headersOf(request),
      path: request.url,
      rawBody: request.rawBody ?? Buffer.alloc(0),
      source: request.ip,
    });
    if (receipt.status === 401) throw REFUSED;
    if (receipt.status === 503) throw BUSY;
    const { contentType, body } = receipt.acknowledgement;
    await reply.status(200).header('content-type', contentType).send(body);
  }
}

const REFUSED = new Problem({
  status: 401,
  code: 'SIGNATURE_NOT_VALID',
  title: 'Not authenticated',
  detail: 'The notification is not signed as agreed.',
  param: 'signature',
});

const BUSY = new Problem({
  status: 503,
  code: 'BUSY',
  title: 'Temporarily unavailable',
  detail: 'Too many notifications wait. Send it again later.',
  retryable: true,
  retryAfterS: 5,
});

/** Names in lower case, as Node gives them; repeated headers joined as HTTP joins them. */
function headersOf(request: FastifyRequest): Record<string, string> {
  const entries = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
