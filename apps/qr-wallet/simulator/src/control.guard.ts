import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '@gateway/platform';
import { QrSimulatorConfig } from './qr-simulator.config';

/** `/control/*` is for tests and the local runtime: a bearer token, compared in constant time. */
@Injectable()
export class ControlGuard implements CanActivate {
  constructor(private readonly config: QrSimulatorConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const offered = context.switchToHttp().getRequest<FastifyRequest>().headers.authorization ?? '';
    if (timingSafeEqual(digest(offered), digest(`Bearer ${this.config.controlToken}`))) return true;
    throw new Problem({
      status: 401,
      code: 'NOT_AUTHENTICATED',
      title: 'Not authenticated',
      detail: 'The control API needs its bearer token.',
    });
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
