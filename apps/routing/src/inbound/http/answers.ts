import type { FastifyReply } from 'fastify';
import type { Answer } from '../../edge/answer';
import { readIdempotencyKey } from '../../edge/idempotency-key';
import type { IdempotentRequest } from '../../edge/idempotent-requests';
import type { Sealer } from '@gateway/platform';
import type { PartnerRequest } from './api-key.guard';
import type { RawBodied } from './request-hooks';

/** What identifies a POST: partner, key, route and the fingerprint of the very bytes of the body. */
export function keyedRequestOf(request: PartnerRequest, sealer: Sealer): IdempotentRequest {
  const { rawBody } = request as RawBodied;
  return {
    partnerId: request.partner.partnerId,
    key: readIdempotencyKey(request.headers['idempotency-key']),
    route: `${request.method} ${request.url.split('?')[0]}`,
    fingerprint: sealer.blindIndex((rawBody ?? Buffer.alloc(0)).toString('latin1')),
    requestId: request.id,
  };
}

/** Sends an answer whose body is finished. */
export async function sendAnswer(reply: FastifyReply, answer: Answer): Promise<void> {
  const type = answer.status >= 400 ? 'application/problem+json' : 'application/json; charset=utf-8';
  if (answer.replayed) void reply.header('idempotent-replayed', 'true');
  await reply.status(answer.status).header('content-type', type).send(answer.body);
}
