import { Controller, Param, Post, Req, Res, type RawBodyRequest } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Desk } from '../faults/desk';
import type { Asked } from '../faults/fault';
import { paymentCodeMarker } from '../faults/markers';
import { jsonAnswer, react, type Reaction } from '../faults/reaction';
import { AlipayKeyStore } from '../open-platform/alipay-keys';
import { hasNul, minorUnitsAt, parseObject, textAt, type JsonObject } from '../wire/fields';
import { outcomeOnly } from './ams-payment';
import { isAuthentic } from './ams-signature';
import { AmsNetwork } from './ams.network';

/** `/ams/api/v1/payments/*`: verifies the request's signature over its raw bytes; its refusals are unsigned. */
@Controller('ams/api/v1/payments')
export class AmsController {
  constructor(
    private readonly desk: Desk,
    private readonly network: AmsNetwork,
    private readonly keys: AlipayKeyStore,
  ) {}

  @Post(':operation')
  async serve(
    @Param('operation') operation: string,
    @Req() request: RawBodyRequest<FastifyRequest>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await react(reply, await this.reactTo(operation, request));
  }

  private async reactTo(operation: string, request: RawBodyRequest<FastifyRequest>): Promise<Reaction> {
    const { amsClientId, amsClientKey } = await this.keys.get();
    const rawBody = request.rawBody?.toString('utf8') ?? '';
    const clientId = headerOf(request, 'client-id');
    const time = headerOf(request, 'request-time');
    if (clientId !== amsClientId) return jsonAnswer(200, outcomeOnly('F', 'INVALID_CLIENT'));
    const message = { path: request.url, clientId, time, body: rawBody };
    if (time === '' || !isAuthentic(message, headerOf(request, 'signature'), amsClientKey)) {
      return jsonAnswer(200, outcomeOnly('F', 'SIGNATURE_INVALID'));
    }
    await this.network.prepare();
    const body = parseObject(rawBody);
    if (hasNul(body)) return jsonAnswer(200, outcomeOnly('F', 'PARAM_ILLEGAL'));
    const stamped = { body, path: request.url, received_at: String(Date.now()) };
    return this.desk.serve(askedBy(operation, body), stamped, this.network);
  }
}

function askedBy(operation: string, body: JsonObject): Asked {
  const amount = minorUnitsAt(body, 'paymentAmount.value') ?? minorUnitsAt(body, 'refundAmount.value');
  const code = textAt(body, 'paymentMethod.paymentMethodId') ?? '';
  const marker = paymentCodeMarker(code, operation, amount);
  const names = ['refundRequestId', 'paymentRequestId', 'paymentId'].map((name) => textAt(body, name));
  return {
    network: 'ams',
    operation,
    references: names.filter((name) => name !== undefined),
    accounts: code === '' ? [] : [code],
    ...(amount !== undefined && { amount }),
    ...(marker && { marker }),
  };
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
