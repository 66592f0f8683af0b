import { createServer, type Server, type ServerOptions } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MerchantCredentials } from '../../../apps/us-wallet/src/merchants/merchant-credentials';
import { MerchantSessions } from '../../../apps/us-wallet/src/merchant-session/merchant-sessions';
import { SessionKeyStore, type SessionKeys } from '../../../apps/simulator/src/apple/session-keys';
import { RunningWallet, type Reply } from './running-wallet';

jest.setTimeout(120_000);

const PATH = '/paymentservices/startSession';

describe('merchant sessions of the card service', () => {
  let wallet: RunningWallet;
  let url: string;

  beforeAll(async () => {
    wallet = await RunningWallet.start();
    const response = await fetch(`${wallet.simulator.url}/apple/validation_url`);
    url = ((await response.json()) as { validation_url: string }).validation_url;
  });
  afterAll(() => wallet?.stop());

  const open = (change: object = {}): Promise<Reply> =>
    wallet.post('/internal/v1/apple_pay_sessions', {
      partner_id: 'prt_demo',
      domain_name: 'shop.example',
      validation_url: url,
      ...change,
    });

  it.each(['shop.example', 'store.example'])('are given for the page at %s, under its own merchant', async (domain) => {
    const { status, body } = await open({ domain_name: domain });
    expect(status).toBe(201);
    expect(body['session']).toMatchObject({
      domainName: domain,
      displayName: domain === 'shop.example' ? 'Example Shop' : 'Example Store',
      merchantSessionIdentifier: expect.stringMatching(/^SSH/) as string,
    });
    const life = Date.parse(String(body['expires_at'])) - Date.now();
    expect(life).toBeLessThanOrEqual(5 * 60_000);
    expect(life).toBeGreaterThan(4 * 60_000);
  });

  it.each([
    ['another domain', { domain_name: 'evil.example' }, 'DOMAIN_NOT_REGISTERED', 'domain_name'],
    [
      'a domain that Apple does not know',
      { domain_name: 'unregistered.example' },
      'MERCHANT_SESSION_REFUSED',
      'domain_name',
    ],
    ['no domain', { domain_name: 'shop' }, 'FIELD_INVALID', 'domain_name'],
    ['no URL', { validation_url: 7 }, 'FIELD_INVALID', 'validation_url'],
    ['no partner', { partner_id: '' }, 'FIELD_INVALID', 'partner_id'],
  ])('are refused for %s', async (_, change, code, param) => {
    const { status, body } = await open(change);
    expect([status, body['code'], body['param']]).toEqual([422, code, param]);
  });

  it.each([
    'https://evil.example/paymentservices/startSession',
    'https://127.0.0.1/paymentservices/startSession',
    'https://169.254.169.254/paymentservices/startSession',
    'http://localhost/paymentservices/startSession',
    'https://localhost/latest/meta-data',
    'https://user@localhost/paymentservices/startSession',
  ])('case 56: %s is not followed', async (address) => {
    const { status, body } = await open({ validation_url: address });
    expect([status, body['code'], body['param']]).toEqual([422, 'VALIDATION_URL_REFUSED', 'validation_url']);
    expect(await wallet.isAlive()).toBe(true);
  });

  it('are not given without the internal token', async () => {
    const response = await fetch(`${wallet.url}/internal/v1/apple_pay_sessions`, { method: 'POST' });
    expect(response.status).toBe(401);
  });
});

describe('an endpoint that is not as it should be', () => {
  let keys: SessionKeys;
  let foreign: SessionKeys;
  const servers: Server[] = [];
  let seen = 0;

  /** Keys as the simulated wallet maker has them, and another set that nobody trusts. */
  const made = (): Promise<SessionKeys> => {
    const settings = { once: <T>(_: string, make: () => T) => Promise.resolve(make()) };
    const config = { sessionHost: 'localhost', appleMerchantId: 'merchant.a', appleGatewayMerchantId: 'merchant.b' };
    return new SessionKeyStore(settings as never, config as never).get();
  };
  beforeAll(async () => {
    [keys, foreign] = await Promise.all([made(), made()]);
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    seen = 0;
  });

  async function listen(answer: RequestListener, change: ServerOptions = {}): Promise<string> {
    const { server: own, authority } = keys;
    const options = { cert: own.certificate, key: own.private_key, ca: authority, requestCert: true, ...change };
    const listening = createServer(options, (request, response) => {
      seen += 1;
      answer(request, response);
    });
    listening.on('tlsClientError', () => undefined);
    servers.push(listening);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return `https://localhost:${(listening.address() as AddressInfo).port}${PATH}`;
  }

  async function ask(validationUrl: string, identity = keys.identities['merchant.a']): Promise<string> {
    const merchant: MerchantCredentials = {
      identifier: 'merchant.a',
      processing_keys: [],
      domains: ['shop.example'],
      partners: ['prt_a'],
      ...(identity && { identity }),
    };
    const sessions = new MerchantSessions([merchant], { hosts: new Set(['localhost']), port: 'any' }, keys.authority);
    const asked = { partnerId: 'prt_a', domainName: 'shop.example', validationUrl };
    return sessions.open(asked, Date.now()).then(
      () => 'given',
      (problem: { details?: { code: string }; code?: string }) => problem.details?.code ?? String(problem.code),
    );
  }
  const session: RequestListener = (_request, response) => response.end('{"merchantSessionIdentifier":"SSH1"}');

  it('is told who asks by its merchant identity certificate', async () => {
    expect(await ask(await listen(session))).toBe('given');
    expect(await ask(await listen(session, { rejectUnauthorized: true }), foreign.identities['merchant.a'])).toBe(
      'APPLE_UNAVAILABLE',
    );
  });

  it('case 56: is not followed to where it redirects', async () => {
    const to = `https://localhost:1${PATH}`;
    const url = await listen((_request, response) => response.writeHead(302, { location: to }).end());
    expect(await ask(url)).toBe('APPLE_UNAVAILABLE');
    expect(seen).toBe(1);
  });

  it('is not believed under another name, or with a certificate of another authority', async () => {
    const { server: other } = foreign;
    expect(await ask(await listen(session, { cert: other.certificate, key: other.private_key }))).toBe(
      'APPLE_UNAVAILABLE',
    );
    expect(seen).toBe(0);
  });

  it.each([
    ['HTML', '<html></html>'],
    ['an array', '[]'],
    ['another object', '{"statusCode":"500"}'],
    ['an answer without end', `{"merchantSessionIdentifier":"${'A'.repeat(100_000)}"}`],
  ])('gives no session by %s', async (_, body) => {
    expect(await ask(await listen((_request, response) => response.end(body)))).toBe('APPLE_UNAVAILABLE');
  });

  it.each([
    [401, 'MERCHANT_SESSION_REFUSED'],
    [417, 'MERCHANT_SESSION_REFUSED'],
    [500, 'APPLE_UNAVAILABLE'],
    [404, 'APPLE_UNAVAILABLE'],
  ])('with status %d is told as %s', async (status, code) => {
    expect(await ask(await listen((_request, response) => response.writeHead(status).end()))).toBe(code);
  });

  it('a merchant with domains and without identity certificate keeps the service from starting', () => {
    const merchant: MerchantCredentials = { identifier: 'merchant.a', processing_keys: [], domains: ['shop.example'] };
    expect(() => new MerchantSessions([merchant], { hosts: new Set(), port: 443 })).toThrow(
      'merchant.a has domains, but no merchant identity certificate',
    );
  });
});
