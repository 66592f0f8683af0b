import { Controller, Get, Post, Req, Res, type RawBodyRequest } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Desk } from '../faults/desk';
import type { Asked } from '../faults/fault';
import { payeeMarker } from '../faults/markers';
import { react, type Reaction } from '../faults/reaction';
import { hasNul, textAt, type JsonObject } from '../wire/fields';
import { AlipayKeyStore, type AlipayKeys } from './alipay-keys';
import { isAuthenticRequest, mergeParameters, type Parameters } from './gateway-message';
import { bizOf, BY_CERTIFICATE_ONLY, OpenPlatformNetwork, OPERATIONS } from './open-platform.network';
import { fenOf } from './transfer';

/**
 * `/gateway.do` as the official client speaks it, by certificate or by key, whether it posts a form or gives a URL to a
 * browser. HTTP 200 whatever the business says.
 */
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

  @Get('gateway.do')
  async visit(@Req() request: RawBodyRequest<FastifyRequest>, @Res() reply: FastifyReply): Promise<void> {
    await this.serve(request, reply);
  }

  private async reactTo(parameters: Parameters): Promise<Reaction> {
    const params: JsonObject = Object.fromEntries(parameters);
    const problem = await this.problemWith(parameters);
    if (problem !== undefined) return this.network.refuse(params, problem);
    const operation = OPERATIONS.get(parameters.get('method') ?? '');
    if (operation === undefined) return this.network.refuse(params, 'isv.invalid-method');
    await this.network.prepare();
    return this.desk.serve(askedBy(operation, bizOf(params)), { params }, this.network);
  }

  /** What the gateway refuses before it looks at the business: application, certificates, signature. */
  private async problemWith(parameters: Parameters): Promise<string | undefined> {
    const keys = await this.keys.get();
    if (parameters.get('app_id') !== keys.appId) return 'isv.invalid-app-id';
    const problem = certificateProblem(parameters, keys);
    if (problem !== undefined) return problem;
    if (!isAuthenticRequest(parameters, keys.appKey)) return 'isv.invalid-signature';
    const params = Object.fromEntries(parameters);
    return hasNul([params, bizOf(params)]) ? 'isv.invalid-parameter' : undefined;
  }
}

/** A client in certificate mode names both certificates; one with keys alone names none. */
function certificateProblem(parameters: Parameters, keys: AlipayKeys): string | undefined {
  const [app, root] = ['app_cert_sn', 'alipay_root_cert_sn'].map((name) => parameters.get(name));
  if (app === undefined && root === undefined)
    return BY_CERTIFICATE_ONLY.has(parameters.get('method') ?? '') ? 'isv.missing-app-cert-sn' : undefined;
  if (app !== keys.appCertificateNumber) return 'isv.invalid-app-cert-sn';
  if (root === undefined) return 'isv.missing-alipay-root-cert-sn';
  return root === keys.rootNumber ? undefined : 'isv.invalid-alipay-root-cert-sn';
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
