import { RoutingEdge } from './routing-edge';

jest.setTimeout(180_000);

const GOOD = {
  domain_name: 'shop.example',
  validation_url: 'https://apple-pay-gateway.apple.com/paymentservices/startSession',
};
const SESSION = { merchantSessionIdentifier: 'SSH1', expiresAt: 1 };

describe('POST /v1/apple_pay_sessions', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge.close();
  });
  beforeEach(() => {
    edge.neighbours.asked.length = 0;
    edge.neighbours.answerWith = () => ({
      status: 201,
      body: { session: SESSION, expires_at: '2026-11-28T10:05:00.000Z' },
    });
  });

  it('asks the service that holds the certificate, in the name of the partner, and passes the session on unchanged', async () => {
    const { status, body } = await edge.post('/v1/apple_pay_sessions', GOOD);
    expect([status, body]).toEqual([
      201,
      {
        object: 'apple_pay_session',
        domain_name: 'shop.example',
        expires_at: '2026-11-28T10:05:00.000Z',
        session: SESSION,
      },
    ]);
    expect(edge.neighbours.asked).toEqual([
      { path: '/internal/v1/apple_pay_sessions', body: { partner_id: 'prt_a', ...GOOD } },
    ]);
  });

  it.each([
    [{ domain_name: 'Shop.Example' }, 'FIELD_INVALID', 'domain_name'],
    [{ domain_name: 'shop' }, 'FIELD_INVALID', 'domain_name'],
    [{ domain_name: undefined }, 'FIELD_MISSING', 'domain_name'],
    [{ validation_url: undefined }, 'FIELD_MISSING', 'validation_url'],
    [{ validation_url: 'x'.repeat(257) }, 'FIELD_INVALID', 'validation_url'],
    [{ merchant_identifier: 'merchant.other' }, 'FIELD_UNKNOWN', 'merchant_identifier'],
  ])('%j is refused before anybody is asked', async (change, code, param) => {
    const { status, body } = await edge.post('/v1/apple_pay_sessions', { ...GOOD, ...change });
    expect([status, body['code'], body['param']]).toEqual([422, code, param]);
    expect(edge.neighbours.asked).toEqual([]);
  });

  it('passes a refusal on as it was stated', async () => {
    const problem = { code: 'VALIDATION_URL_REFUSED', title: 'Refused', detail: 'Not Apple.', param: 'validation_url' };
    edge.neighbours.answerWith = () => ({ status: 422, body: problem });
    const { status, body } = await edge.post('/v1/apple_pay_sessions', GOOD);
    expect([status, body['code'], body['param']]).toEqual([422, 'VALIDATION_URL_REFUSED', 'validation_url']);
  });
});
