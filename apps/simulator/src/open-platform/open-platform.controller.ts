import { Controller, Post, Req, Res, type RawBodyRequest } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Desk } from '../faults/desk';
import type { Asked } from '../faults/fault';
import { payeeMarker } from '../faults/markers';
import { react, type Reaction } from '../faults/reaction';
import { textAt, type JsonObject } from '../wire/fields';
import { AlipayKeyStore } from './alipay-keys';
import { isAuthenticRequest, mergeParameters, type Parameters } from './gateway-message';
import { bizOf, OpenPlatformNetwork, OPERATIONS } from './open-platform.network';
import { fenOf } from './transfer';

/** `/gateway.do` in certificate mode, as the official client speaks it. HTTP 200 whatever the business says. */
@Controller()
export class OpenPlatformController {
  constructor(
    private readonly desk: Desk,
    private readonly network: OpenPlatformNetwork,
    private readonly keys: AlipayKeyStore,
  ) {}

  @Post('gateway.do')
  async serve(@Req() request: RawBodyRequest<FastifyRequest>, @Res() reply: FastifyReply): Promise<void> {
    const query = request.url.split('?')[1] ?? '';
    await react(reply, await this.reactTo(mergeParameters(query, request.rawBody?.toString('utf8') ?? '')));
  }

  private async reactTo(parameters: Parameters): Promise<Reaction> {
    const params: JsonObject = Object.fromEntries(parameters);
    const problem = await this.problemWith(parameters);
    if (problem !== undefined) return this.network.refuse(params, problem);
    const operation = OPERATIONS[parameters.get('method') ?? ''];
    if (operation === undefined) return this.network.refuse(params, 'isv.invalid-method');
    await this.network.prepare();
    return this.desk.serve(askedBy(operation, bizOf(params)), { params }, this.network);
  }

  /** What the gateway refuses before it looks at the business: application, certificates, signature. */
  private async problemWith(parameters: Parameters): Promise<string | undefined> {
    const keys = await this.keys.get();
    if (parameters.get('app_id') !== keys.appId) return 'isv.invalid-app-id';
    if (parameters.get('app_cert_sn') !== keys.appCertificateNumber) return 'isv.invalid-app-cert-sn';
    if (parameters.get('alipay_root_cert_sn') !== keys.rootNumber) return 'isv.invalid-alipay-root-cert-sn';
    return isAuthenticRequest(parameters, keys.appKey) ? undefined : 'isv.invalid-signature';
  }
}

function askedBy(operation: string, biz: JsonObject): Asked {
  const amount = fenOf(textAt(biz, 'trans_amount') ?? '');
  const identity = textAt(biz, 'payee_info.identity') ?? '';
  const marker = payeeMarker(identity, operation, amount);
  const names = [textAt(biz, 'out_biz_no'), textAt(biz, 'order_id')];
  return {
    network: 'open_platform',
    operation,
    references: names.filter((name) => name !== undefined),
    accounts: identity === '' ? [] : [identity],
    ...(amount !== undefined && { amount }),
    ...(marker && { marker }),
  };
}
