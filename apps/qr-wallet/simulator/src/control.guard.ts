import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requireBearerSecret, requireJson } from '@gateway/platform';
import { QrSimulatorConfig } from './qr-simulator.config';

/** `/control/*` is for tests and the local runtime only: a bearer token, and JSON. */
@Injectable()
export class ControlGuard implements CanActivate {
  constructor(private readonly config: QrSimulatorConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    requireBearerSecret(request, this.config.controlToken, 'The control API needs its bearer token.');
    requireJson(request);
    return true;
  }
}
