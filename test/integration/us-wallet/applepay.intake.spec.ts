import { createHash } from 'node:crypto';
import { IntakeRefused } from '@gateway/wallet-network';
import { CardSide } from './card-side';

jest.setTimeout(180_000);

describe('the card intake against the simulated wallet maker and acquirer', () => {
  let card: CardSide;

  beforeAll(async () => {
    card = await CardSide.start();
  });
  afterAll(() => card.stop());
  afterEach(async () => {
    await card.simulator.control('DELETE', '/faults');
  });

  const refusal = async (taking: Promise<unknown>): Promise<IntakeRefused> => {
    const error: unknown = await taking.then(
      () => new Error('it was taken'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof IntakeRefused)) throw error;
    return error;
  };

  it.each([
    ['visa', 'Visa', { goods: 'hold', services: 'hold', person_to_person: 'collect' }],
    ['mastercard', 'Mastercard', { goods: 'hold', services: 'hold', person_to_person: 'collect' }],
    ['amex', 'Amex', { goods: 'hold', services: 'hold' }],
  ])('a %s token to pay with becomes an instrument that shows four digits only', async (scheme, name, funding) => {
    const token = await card.phone({ scheme });
    const taken = await card.intake.take({ partner_id: 'prt_demo', use: 'pay', data: { token } });
    expect(taken.capabilities).toMatchObject({
      use: 'pay',
      network: 'applepay',
      currency: 'USD',
      single_use: true,
      scheme,
    });
    expect(taken.capabilities.funding).toEqual(funding);
    expect(taken.label).toMatch(new RegExp(`^${name} •••• [0-9]{4}$`));
    expect(taken.uniqueKey).toBe(String(token['transactionIdentifier']).toLowerCase());
    expect(Object.keys(taken.secret)).toEqual(['token']);
    expect(Date.parse(taken.expires_at ?? '') - Date.now()).toBeGreaterThan(14 * 60_000);
  });

  it('case 46: the same token again has the same unique key, by which its second intake is refused', async () => {
    const token = await card.phone();
    const take = (): Promise<{ uniqueKey?: string }> =>
      card.intake.take({ partner_id: 'prt_demo', use: 'pay', data: { token } });
    expect((await take()).uniqueKey).toBe((await take()).uniqueKey);
  });

  it.each([
    ['bad_signature', 'SIGNATURE_INVALID'],
    ['tampered_data', 'DIGEST_MISMATCH'],
    ['changed_transaction_id', 'DIGEST_MISMATCH'],
    ['wrong_merchant', 'MERCHANT_UNKNOWN'],
    ['old', 'SIGNED_TOO_LONG_AGO'],
    ['wrong_root', 'CHAIN_UNTRUSTED'],
    ['missing_leaf_oid', 'LEAF_NOT_MARKED'],
    ['missing_intermediate_oid', 'INTERMEDIATE_NOT_MARKED'],
  ])('a token with %s is refused as %s before the acquirer sees it', async (broken, code) => {
    const refused = await refusal(card.take('pay', { broken }));
    expect(refused).toMatchObject({ code: 'INVALID_TOKEN', status: 422 });
    expect(refused.param).toMatch(/^token\.paymentData/);
    expect(refused.detail).toMatch(new RegExp(`^${code}: `));
  });

  it.each(['acquirer', 'gateway'])(
    'a token made with application data is taken with just that, and goes on with its hash (opened by the %s)',
    async (decrypted_by) => {
      const order = Buffer.from('order 4711');
      const hash = createHash('sha256').update(order).digest('hex');
      const token = await card.phone({ decrypted_by, amount: '10200', application_data_hash: hash });
      const take = (more: object): Promise<unknown> =>
        card.intake.take({ partner_id: 'prt_demo', use: 'pay', data: { token, ...more } });
      for (const wrong of [{}, { application_data: Buffer.from('order 4712').toString('base64') }])
        expect(await refusal(take(wrong))).toMatchObject({
          code: 'INVALID_TOKEN',
          param: 'token.paymentData.header.applicationData',
        });
      expect(await refusal(take({ application_data: 7 }))).toMatchObject({ param: 'application_data' });
      expect(await take({ application_data: order.toString('base64') })).toMatchObject({
        uniqueKey: String(token['transactionIdentifier']).toLowerCase(),
      });
    },
  );

  it('a token that only the acquirer can tell to be wrong is refused on its word', async () => {
    expect(await refusal(card.take('pay', { broken: 'undecryptable' }))).toMatchObject({
      code: 'INVALID_TOKEN',
      param: 'token',
    });
    expect(await refusal(card.take('pay', { outcome: 'token_refused' }))).toMatchObject({ code: 'INVALID_TOKEN' });
  });

  it('a card to be paid on can be pushed to; Amex and refusing issuers are named before any money step', async () => {
    const taken = await card.take('be_paid');
    expect(taken.capabilities.credit).toEqual({ goods: true, services: true, person_to_person: true });
    expect(taken.capabilities.funding).toBeUndefined();
    for (const request of [{ scheme: 'amex' }, { outcome: 'payout_not_eligible' }])
      expect(await refusal(card.take('be_paid', request))).toMatchObject({
        code: 'NO_COMMON_CAPABILITY',
        param: 'token',
      });
  });

  it('an acquirer that fails makes the intake unavailable, not the token invalid', async () => {
    await card.simulator.fault({ network: 'acquirer', operation: 'token', match: 'next', behaviour: 'http_500' });
    expect(await refusal(card.take('pay'))).toMatchObject({ code: 'ACQUIRER_UNAVAILABLE', status: 503 });
  });

  it.each([[{}], [{ token: 'text' }], [{ token: {}, more: 1 }]])('%j is refused by field', async (data) => {
    const refused = await refusal(card.intake.take({ partner_id: 'prt_demo', use: 'pay', data }));
    expect(refused.status).toBe(422);
  });
});
