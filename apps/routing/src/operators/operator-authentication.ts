import { readFileSync } from 'node:fs';
import { OPERATOR_ID } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { EdgeConfig } from '../edge.config';
import { ROLES, type Operator, type Role } from './roles';

/** Asymmetric only: with a public key nobody can sign. */
const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'];
/** Longer tokens are refused before anything is decoded. */
const LONGEST_TOKEN = 8_192;
const CLOCK_TOLERANCE_S = 5;

/** Verifies operators' OIDC tokens here: signature by the issuer's published keys, issuer, audience, times, person, roles. */
@Injectable()
export class OperatorAuthentication {
  private readonly keys: JWTVerifyGetKey | null;

  constructor(private readonly config: EdgeConfig) {
    this.keys = config.operatorJwks === undefined ? null : keysAt(config.operatorJwks);
  }

  /** The person, or null for any token that is not entirely right. */
  async operatorOf(token: string): Promise<Operator | null> {
    const { operatorIssuer, operatorAudience } = this.config;
    if (this.keys === null || operatorIssuer === undefined || token.length > LONGEST_TOKEN) return null;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: operatorIssuer,
        audience: operatorAudience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['sub', 'exp', 'iat'],
        maxTokenAge: '31d',
      });
      const { sub = '', roles } = payload;
      return OPERATOR_ID.test(sub) ? { id: sub, roles: rolesOf(roles) } : null;
    } catch {
      return null;
    }
  }
}

function keysAt(place: string): JWTVerifyGetKey {
  if (place.startsWith('https://')) return createRemoteJWKSet(new URL(place), { timeoutDuration: 3_000 });
  return createLocalJWKSet(JSON.parse(readFileSync(place, 'utf8')) as JSONWebKeySet);
}

function rolesOf(claim: unknown): Role[] {
  return Array.isArray(claim) ? ROLES.filter((role) => claim.includes(role)) : [];
}
