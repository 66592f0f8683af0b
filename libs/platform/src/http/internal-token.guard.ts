import { timingSafeEqual, createHash } from 'node:crypto';
import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem';

/** The secret that services show each other on `/internal/*` routes (`INTERNAL_TOKEN`). */
export abstract class InternalToken {
  abstract readonly value: string;
}

/** Lets only our own services in: `Authorization: Bearer <INTERNAL_TOKEN>`, compared in constant time. */
@Injectable()
export class InternalTokenGuard implements CanActivate {
  private readonly expected: Buffer;

  constructor(token: InternalToken) {
    this.expected = digest(`Bearer ${token.value}`);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const shown = request.headers.authorization ?? '';
    if (timingSafeEqual(digest(shown), this.expected)) return true;
    throw new Problem({
      status: 401,
      code: 'NOT_AUTHENTICATED',
      title: 'Not authenticated',
      detail: 'This address is for services of the gateway only.',
    });
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
