import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { auditOf } from '@gateway/contracts/audit.service.v1';
import { OPERATOR_ACTOR } from '@gateway/platform';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { EdgeConfig } from '../edge.config';
import { OperatorAuthentication } from './operator-authentication';
import { actorOf } from './roles';

const ISSUER = 'https://people.example';
const AUDIENCE = 'gateway-operators';
const KID = 'k1';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

describe("operators' tokens", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'operators-'));
  let privateKey: CryptoKey;
  let otherKey: CryptoKey;
  let publicPem: string;
  let authentication: OperatorAuthentication;

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    ({ privateKey } = pair);
    otherKey = (await generateKeyPair('ES256')).privateKey;
    publicPem = await exportSPKI(pair.publicKey);
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: KID, alg: 'ES256', use: 'sig' };
    const operatorJwks = path.join(folder, 'jwks.json');
    writeFileSync(operatorJwks, JSON.stringify({ keys: [jwk] }));
    const config: Partial<EdgeConfig> = { operatorIssuer: ISSUER, operatorAudience: AUDIENCE, operatorJwks };
    authentication = new OperatorAuthentication(config as EdgeConfig);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const claims = (changes: JWTPayload = {}): JWTPayload => ({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'person-1',
    iat: inSeconds(-10),
    exp: inSeconds(600),
    roles: ['auditor'],
    ...changes,
  });
  const token = (changes: JWTPayload = {}, header: object = {}, key = privateKey): Promise<string> =>
    new SignJWT(claims(changes)).setProtectedHeader({ alg: 'ES256', kid: KID, ...header }).sign(key);

  it('let a person in with the roles that there are, and with no other', async () => {
    const roles = ['auditor', 'root', '__proto__', 7];
    const operator = await authentication.operatorOf(await token({ roles }));
    expect(operator).toEqual({ id: 'person-1', roles: ['auditor'] });
    expect((await authentication.operatorOf(await token({ roles: 'admin' })))?.roles).toEqual([]);
  });

  it.each<[string, JWTPayload, object?]>([
    ['another issuer (39)', { iss: 'https://other.example' }],
    ['another audience (39)', { aud: 'partners' }],
    ['a time that is over (37)', { exp: inSeconds(-60) }],
    ['a time to come, not before (37)', { nbf: inSeconds(600) }],
    ['an issue to come (37)', { iat: inSeconds(600) }],
    ['an issue long ago (37)', { iat: inSeconds(-40 * 86_400) }],
    ['no end', { exp: undefined }],
    ['no subject', { sub: undefined }],
    ['a kid that is a path (38)', {}, { kid: '../../etc/passwd' }],
    ['a kid of 10 kB (38)', {}, { kid: 'k'.repeat(10_000) }],
    ['an extension that must be understood', {}, { crit: ['b64'], b64: false }],
  ])('are refused with %s', async (_, changes, header = {}) => {
    const refused = await token(changes, header).catch(() => 'not signed');
    expect(await authentication.operatorOf(refused)).toBeNull();
  });

  it('are refused where somebody else has signed, whatever key the token brings along', async () => {
    const jwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
    for (const header of [{}, { jku: 'https://other.example' }, { jwk }])
      expect(await authentication.operatorOf(await token({}, header, otherKey))).toBeNull();
  });

  it('are refused without a signature (35) and with one made of the public key (36)', async () => {
    const none = `${base64url({ alg: 'none', kid: KID })}.${base64url(claims())}.`;
    const unsigned = `${base64url({ alg: 'HS256', kid: KID })}.${base64url(claims())}`;
    const mac = createHmac('sha256', publicPem).update(unsigned).digest('base64url');
    expect(await authentication.operatorOf(none)).toBeNull();
    expect(await authentication.operatorOf(`${unsigned}.${mac}`)).toBeNull();
  });

  it.each(['auth0|5f7c8ec7c33c6c004bbafe82', 'ada@people.example', 'f:8d1c:ada', 'x'.repeat(80)])(
    'may name the person %s: the audit and every service that takes decisions can write it down',
    async (sub) => {
      const operator = (await authentication.operatorOf(await token({ sub })))!;
      const actor = actorOf(operator);
      const [example] = auditOf('routing').examples;
      expect([auditOf('routing').problemOf({ ...example, actor }), OPERATOR_ACTOR.test(actor)]).toEqual([null, true]);
    },
  );

  it.each(['', 'x'.repeat(81), 'x'.repeat(255), 'ada lovelace', 'ada\n', '\u0000', 'ad\u202ea'])(
    'name nobody by %j: the audit could not write down who acted',
    async (sub) => expect(await authentication.operatorOf(await token({ sub }))).toBeNull(),
  );
});
