import { CanActivate, createParamDecorator, ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { problem } from '../edge/problems';
import { OperatorAuthentication } from './operator-authentication';
import type { Operator, Role } from './roles';

const ROLES_KEY = 'operator roles';
const BEARER = /^Bearer ([\x21-\x7e]+)$/i;

interface OperatorRequest extends FastifyRequest {
  operator: Operator;
}

/** Who may use a route: people with one of these roles. */
export const ForRoles = (...roles: Role[]): MethodDecorator => SetMetadata(ROLES_KEY, roles);

/** Lets operators in by their token, if they have one of the route's roles. A route without roles is for nobody. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly authentication: OperatorAuthentication,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<OperatorRequest>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const operator = await this.authentication.operatorOf(token);
    if (operator === null) {
      throw problem('NOT_AUTHENTICATED', {
        param: 'Authorization',
        detail: 'Send the token of your identity provider as "Authorization: Bearer ...".',
      });
    }
    const allowed = this.reflector.get<Role[] | undefined>(ROLES_KEY, context.getHandler()) ?? [];
    if (!operator.roles.some((role) => allowed.includes(role))) throw problem('NOT_ALLOWED');
    request.operator = operator;
    return true;
  }
}

/** The person that calls. */
export const CurrentOperator = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<OperatorRequest>().operator,
);
