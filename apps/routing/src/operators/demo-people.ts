import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JSONWebKeySet } from 'jose';
import { ROLES, type Role } from './roles';

/** A demo person of a local runtime, with a token that proves it. */
export interface DemoPerson {
  id: string;
  name: string;
  roles: Role[];
  token: string;
}

/** Demo people and the public keys that verify their tokens: what OPERATOR_ISSUER and OPERATOR_JWKS point to locally. */
export interface DemoPeople {
  issuer: string;
  audience: string;
  /** Written to a file; its path is OPERATOR_JWKS. */
  jwks: JSONWebKeySet;
  people: DemoPerson[];
}

const ALGORITHM = 'ES256';
export const DEMO_ISSUER = 'https://demo-people.gateway.local';
export const DEMO_AUDIENCE = 'gateway-operators';
/** Two per role, so that what one asks for another can approve. */
const GIVEN_NAMES = ['Ada', 'Grace'];

/**
 * Makes demo people, two per role, with tokens of a key drawn here and thrown away: nobody can issue more of them.
 * @param lifeS how long the tokens hold, in seconds
 */
export async function mintDemoPeople(lifeS = 30 * 86_400): Promise<DemoPeople> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const kid = randomUUID();
  const people: DemoPerson[] = [];
  for (const role of ROLES) {
    for (const [index, given] of GIVEN_NAMES.entries()) {
      const id = `${role}-${index + 1}`;
      const name = `${given} (${role})`;
      const token = await new SignJWT({ name, roles: [role] })
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
        .setIssuer(DEMO_ISSUER)
        .setAudience(DEMO_AUDIENCE)
        .setSubject(id)
        .setIssuedAt()
        .setExpirationTime(`${lifeS}s`)
        .setJti(randomUUID())
        .sign(privateKey);
      people.push({ id, name, roles: [role], token });
    }
  }
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' };
  return { issuer: DEMO_ISSUER, audience: DEMO_AUDIENCE, jwks: { keys: [jwk] }, people };
}
