import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PartnerAuthentication, type AuthenticatedPartner } from '../../partners/partner-authentication';
import { problem } from '../../edge/problems';

/** A request after the guard. */
export interface PartnerRequest extends FastifyRequest {
  partner: AuthenticatedPartner;
}

const BEARER = /^Bearer ([\x21-\x7e]{1,255})$/i;

/** Lets partners in by their API key, from the Authorization header alone: never from the query string. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(private readonly authentication: PartnerAuthentication) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PartnerRequest>();
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const partner = await this.authentication.partnerOf(key);
    if (partner === null) throw problem('NOT_AUTHENTICATED', { param: 'Authorization' });
    request.partner = partner;
    return true;
  }
}

/** The id of the partner that calls. */
export const PartnerId = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<PartnerRequest>().partner.partnerId,
);
