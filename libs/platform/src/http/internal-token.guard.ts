import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requireBearerSecret } from './bearer-secret';
import { requireJson } from './json-only';

/** The secret that services show each other on `/internal/*` routes (`INTERNAL_TOKEN`). */
export abstract class InternalToken {
  abstract readonly value: string;
}

/** Lets only our own services in, by `Authorization: Bearer <INTERNAL_TOKEN>`. They speak JSON. */
@Injectable()
export class InternalTokenGuard implements CanActivate {
  constructor(private readonly token: InternalToken) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    requireBearerSecret(request, this.token.value, 'This address is for services of the gateway only.');
    requireJson(request);
    return true;
  }
}
