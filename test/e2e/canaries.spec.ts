import { randomBytes } from 'node:crypto';
import { Gateway } from './support/gateway';
import { needleOf, scanLogs, scanTables, scanTopics, type Needle } from './support/leak-scan';
import type { PartnerClient } from './support/partner-client';
import { pay, paymentCode, untilOver } from './support/payments';
import { sendRaw } from './support/raw-http';

jest.setTimeout(240_000);

/**
 * Where canaries may lie. The simulators are the outside world: they know their customers. Compliance keeps identities,
 * but sealed, so that not even there a name is found; its list of names to match is no customer's. Every other
 * database, every topic and every log is clean.
 */
const OWN_BOOKS = ['simulator', 'qr-simulator'];
const LISTED_NAME = 'Blakestone-Quill';

describe('names, tokens, accounts, card numbers and keys', () => {
  const gateway = new Gateway();
  const { status } = gateway;
  const tag = randomBytes(6).toString('hex');
  const secret = (what: string): string => `Canary${what}${tag}`;
  const needles: Needle[] = [];
  const payments: string[] = [];
  const hide = (what: string, value: string): void => void needles.push(needleOf(what, value));

  /** What one payment brings along, and what the outside world knows of it afterwards. */
  async function payWith(
    partner: PartnerClient,
    direction: 'us-to-china' | 'china-to-us',
    more: object,
  ): Promise<void> {
    const names = { payerName: `${secret('Payer')} Example`, payeeName: `${secret('Payee')} Example` };
    const { id } = await pay(gateway, partner, direction, { ...names, ...more });
    await untilOver(partner, id, 120_000);
    payments.push(id);
    for (const { account } of await gateway.simulator.movements(id)) if (account.length > 8) hide('account', account);
  }

  /** The same secrets in requests that are refused: a refusal is written down, too. */
  async function refuseWith(partner: PartnerClient): Promise<void> {
    const token = (await gateway.simulator.appleToken({ broken: 'tampered_data' })) as {
      paymentData: { data: string };
    };
    hide('data of a refused token', token.paymentData.data.slice(8, 72));
    const account = { identity: `${secret('Refused')}@example.com`, name: `${secret('Refused')}\u202E` };
    const bodies: [string, object][] = [
      ['/v1/instruments', { network: 'applepay', use: 'pay', token }],
      [
        '/v1/instruments',
        { network: 'alipay', use: 'be_paid', account: { ...account, identity_type: 'ALIPAY_LOGON_ID' } },
      ],
      ['/v1/parties', { role: 'payer', type: 'individual', name: `${secret('Refused')}\u0000`, country: 'US' }],
      ['/v1/parties', { role: 'payer', type: 'individual', name: secret('Refused'), country: 'Nowhere' }],
      ['/v1/quotes', { name: secret('Refused') }],
      ['/v1/payments', { offer: secret('Refused'), payer: secret('Refused') }],
    ];
    for (const [path, body] of bodies) expect((await partner.post(path, body)).status).toBeGreaterThanOrEqual(400);
    await partner.get(`/v1/payments?api_key=${partner.key}&reference=${secret('Refused')}%00`);
    await sendRaw(status.partner_api.url, {
      path: '/v1/payments',
      headers: { authorization: `Bearer ${secret('Refused')}` },
    });
    const told = JSON.stringify({ data: { name: secret('Refused') } });
    for (const service of ['us-wallet', 'china-wallet', 'qr-wallet']) {
      await sendRaw(status.services[service]!.url, { path: '/notifications', body: told });
    }
    hide('text of a refused request', secret('Refused'));
  }

  beforeAll(async () => {
    const partner = await gateway.newPartner();
    hide('API key', partner.key.split('_').at(-1)!);
    hide("payer's name", secret('Payer'));
    hide("payee's name", secret('Payee'));
    hide("payee's account", secret('Account'));
    const code = paymentCode();
    hide('payment code', code);
    const endpoint = await partner.create<{ id: string; secret: string }>('/v1/webhook_endpoints', {
      url: `${status.simulator.url}/partner/webhooks/${tag}`,
    });
    hide('webhook secret', endpoint.secret.replace('whsec_', ''));
    await payWith(partner, 'us-to-china', { alipay: `${secret('Account')}@example.com` });
    await payWith(partner, 'us-to-china', { purpose: 'person_to_person' });
    await payWith(partner, 'china-to-us', { alipay: code });
    await payWith(partner, 'us-to-china', { alipay: 'closed@example.com', token: { outcome: 'capture_declined' } });
    await refuseWith(partner);
  });

  it('were really used: the outside world knows them', async () => {
    expect(needles.filter(({ what }) => what === 'account').length).toBeGreaterThanOrEqual(3);
    const { found } = await scanTables(status, 'simulator', needles);
    for (const what of ["payee's account", 'payment code', 'account']) {
      expect(found.some((place) => place.startsWith(`${what} in table simulator`))).toBe(true);
    }
  });

  it('are on no topic', async () => {
    const { looked, found } = await scanTopics(status, [...needles, needleOf('a payment id', payments[0]!)]);
    expect(Object.values(looked).reduce((sum, records) => sum + records, 0)).toBeGreaterThan(100);
    expect(found.filter((place) => place.startsWith('a payment id')).length).toBeGreaterThan(10);
    expect(found.filter((place) => !place.startsWith('a payment id'))).toEqual([]);
  });

  it('are in no log, neither of a service nor of the broker nor of the database', () => {
    const { looked, found } = scanLogs(status, [...needles, needleOf('a start', '"event":"started"')]);
    expect(Object.keys(looked)).toEqual(
      expect.arrayContaining([
        ...Object.keys(status.services).map((name) => `${name}.log`),
        'postgres.log',
        'kafka.log',
      ]),
    );
    const starts = found.filter((place) => place.startsWith('a start'));
    expect(starts).toHaveLength(Object.keys(status.services).length);
    expect(found.filter((place) => !starts.includes(place))).toEqual([]);
  });

  const keepers = Object.keys(status.services).filter((service) => !OWN_BOOKS.includes(service));

  it.each(keepers)('are in no table of %s', async (service) => {
    const { looked, found } = await scanTables(status, service, needles);
    expect(Object.values(looked).reduce((sum, rows) => sum + rows, 0)).toBeGreaterThan(0);
    expect(found).toEqual([]);
  });

  it('a name that matched a list is told nowhere outside of compliance', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { payeeName: `Zorvan ${LISTED_NAME}` });
    expect((await untilOver(partner, id)).status).toBe('declined');
    const listed = [needleOf('listed name', LISTED_NAME)];
    const scans = [await scanTopics(status, listed), scanLogs(status, listed)];
    for (const service of keepers.filter((name) => name !== 'compliance'))
      scans.push(await scanTables(status, service, listed));
    expect(scans.flatMap(({ found }) => found)).toEqual([]);
  });
});
