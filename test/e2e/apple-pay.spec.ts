import { randomBytes, randomInt } from 'node:crypto';
import { bookedMovements, expectBalanced } from './support/books';
import { Gateway } from './support/gateway';
import { needleOf, scanLogs, scanTables, scanTopics } from './support/leak-scan';
import { executed, pay, prepare, stateOf, untilOver } from './support/payments';
import type { Answer, Problem } from './support/partner-client';

jest.setTimeout(180_000);

describe('Apple Pay', () => {
  const gateway = new Gateway();

  it.each([
    ['acquirer', 'former'],
    ['acquirer', 'rsa'],
    ['gateway', 'current'],
    ['gateway', 'rsa'],
  ] as const)('a token that the %s decrypts with its %s key pays, once', async (decrypted_by, key) => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { token: { decrypted_by, key } });
    const payment = await untilOver(partner, id);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
    await bookedMovements(gateway, id, ['hold', 'credit', 'capture']);
    await expectBalanced(gateway);
  });

  it('a token that the gateway decrypts pulls from person to person', async () => {
    const partner = await gateway.newPartner();
    const wish = { token: { decrypted_by: 'gateway' }, purpose: 'person_to_person' } as const;
    const { id } = await pay(gateway, partner, 'us-to-china', wish);
    expect((await untilOver(partner, id)).status).toBe('completed');
    expect(await executed(gateway, id)).toEqual({ account_funding: 1, transfer: 1 });
  });

  it.each([
    ['acquirer', 'current'],
    ['acquirer', 'rsa'],
    ['gateway', 'current'],
    ['gateway', 'rsa'],
  ] as const)(
    'a disbursement token that the %s decrypts with its %s key is paid to, once',
    async (decrypted_by, key) => {
      const partner = await gateway.newPartner();
      const token = { decrypted_by, key, amount: '5000' };
      const { id } = await pay(gateway, partner, 'china-to-us', { token, fixedSide: 'target', amount: '5000' });
      const payment = await untilOver(partner, id);
      expect([payment.status, payment.target_amount]).toMatchObject(['completed', { amount: '5000', currency: 'USD' }]);
      expect(await executed(gateway, id)).toEqual({ pay: 1, payout: 1 });
      await bookedMovements(gateway, id, ['collect', 'credit']);
    },
  );

  it.each(['us-to-china', 'china-to-us'] as const)(
    'case 54: %s, a payment of another amount than the token says is refused before any money step',
    async (direction) => {
      const partner = await gateway.newPartner();
      const wish = { token: { decrypted_by: 'gateway', amount: '10199' } } as const;
      const { request } = await prepare(gateway, partner, direction, wish);
      const answer = await partner.post<Problem>('/v1/payments', request);
      const param = direction === 'us-to-china' ? 'source_instrument' : 'target_instrument';
      expect([answer.status, answer.body.code, answer.body.param]).toEqual([422, 'AMOUNT_OUT_OF_RANGE', param]);
    },
  );

  it('a page of a registered domain gets a merchant session, and no session from anywhere but Apple', async () => {
    const partner = await gateway.newPartner();
    const { url } = gateway.status.simulator;
    const { validation_url } = await gateway.simulator.call<{ validation_url: string }>(
      'GET',
      `${url}/apple/validation_url`,
    );
    const ask = (change: object = {}): Promise<Answer<Problem & Record<string, unknown>>> =>
      partner.post('/v1/apple_pay_sessions', { domain_name: 'shop.example', validation_url, ...change });
    const { status, body } = await ask();
    expect([status, body.object, body.domain_name]).toEqual([201, 'apple_pay_session', 'shop.example']);
    expect(body.session).toMatchObject({ domainName: 'shop.example', displayName: 'Example Shop' });
    const refused = await ask({ validation_url: 'https://169.254.169.254/paymentservices/startSession' });
    expect([refused.status, refused.body.code, refused.body.param]).toEqual([
      422,
      'VALIDATION_URL_REFUSED',
      'validation_url',
    ]);
    const other = await ask({ domain_name: 'evil.example' });
    expect([other.status, other.body.code, other.body.param]).toEqual([422, 'DOMAIN_NOT_REGISTERED', 'domain_name']);
    const wrong = await ask({ domain_name: 'Shop.Example' });
    expect([wrong.status, wrong.body.code, wrong.body.param]).toEqual([422, 'FIELD_INVALID', 'domain_name']);
  });

  it('no database, no topic and no log holds card number or cryptogram of a token that the gateway decrypts', async () => {
    const partner = await gateway.newPartner();
    const number = visaNumber();
    const cryptogram = randomBytes(20).toString('base64');
    const payment_data = {
      applicationPrimaryAccountNumber: number,
      paymentData: { onlinePaymentCryptogram: cryptogram, eciIndicator: '7' },
    };
    const { id } = await pay(gateway, partner, 'us-to-china', { token: { decrypted_by: 'gateway', payment_data } });
    expect((await untilOver(partner, id)).status).toBe('completed');
    const needles = [needleOf('card number', number), needleOf('cryptogram', cryptogram)];
    const { status } = gateway;
    const scans = [await scanTopics(status, needles), scanLogs(status, needles)];
    const ours = Object.keys(status.services).filter((service) => !service.includes('simulator'));
    for (const service of ours) scans.push(await scanTables(status, service, needles));
    expect(scans.flatMap(({ found }) => found)).toEqual([]);
    expect((await scanTables(status, 'simulator', needles)).found).toContain(
      'card number in table simulator public.card_payment',
    );
  });
});

/** A number of the simulated issuer that behaves: prefix, random digits, no marker, check digit. */
function visaNumber(): string {
  const head = `476173${String(randomInt(99_999)).padStart(5, '0')}0000`;
  const sum = [...head].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${head}${(10 - (sum % 10)) % 10}`;
}
