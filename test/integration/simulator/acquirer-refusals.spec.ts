import { AcquirerMerchant, type OfficialClient } from './official-acquirer-client';
import { newReference, RunningSimulator } from './running-simulator';

jest.setTimeout(60_000);

let simulator: RunningSimulator;
let merchant: AcquirerMerchant;
beforeAll(async () => {
  simulator = await RunningSimulator.start();
  merchant = await AcquirerMerchant.of(simulator);
});
afterAll(() => simulator.stop());

const CARD = { type: 'card', number: '4242424242424242', expiry_month: 6, expiry_year: 2029 };
const refusal = (name: string, status: number, ...codes: string[]): object => ({
  name,
  http_code: status,
  body: codes.length === 0 ? {} : { error_codes: codes },
});

/** Both HTTP libraries of the official client: they write a request without a body in two ways. */
describe.each(['fetch', 'axios'] as const)('the acquirer, asked by its official client over %s', (http) => {
  let client: OfficialClient;
  beforeAll(() => {
    client = merchant.clientWith({ timeout: 10_000, ...(http === 'axios' && { httpClient: 'axios' }) });
  });
  const held = async (): Promise<string> => (await merchant.hold(newReference('hold'))).id;

  it.each([
    ['capture', 'Captured'],
    ['void', 'Voided'],
    ['reverse', 'Voided'],
  ] as const)('%s without a body is of all that is held', async (action, status) => {
    const id = await held();
    await client.payments[action](id);
    expect(await client.payments.get(id)).toMatchObject({ status });
  });

  it('refund without a body is of all that was captured', async () => {
    const id = await held();
    await client.payments.capture(id);
    await client.payments.refund(id);
    expect(await client.payments.get(id)).toMatchObject({ status: 'Refunded', balances: { total_refunded: 10200 } });
  });

  it('a body is not needed for the key to work either', async () => {
    const [id, key] = [await held(), newReference('capture')];
    const answers = [
      await client.payments.capture(id, undefined, key),
      await client.payments.capture(id, undefined, key),
    ];
    expect(answers[0]).toEqual(answers[1]);
  });

  it('what nobody plays is not found, by name where it is an action', async () => {
    await expect(client.payments.increment(await held(), { amount: 1 })).rejects.toMatchObject(
      refusal('NotFoundError', 404, 'action_not_simulated'),
    );
    await expect(client.customers.get('cus_x')).rejects.toMatchObject({ name: 'NotFoundError', http_code: 404 });
  });

  it('a payment or dispute that is none is not found', async () => {
    const nothing = refusal('NotFoundError', 404);
    await expect(client.payments.get('pay_none')).rejects.toMatchObject(nothing);
    await expect(client.payments.getActions('pay_none')).rejects.toMatchObject(nothing);
    await expect(client.payments.capture('pay_none')).rejects.toMatchObject(nothing);
    await expect(client.disputes.getDetails('dsp_none')).rejects.toMatchObject(nothing);
    await expect(client.disputes.accept('dsp_none')).rejects.toMatchObject(nothing);
  });

  it('nobody is known by a wrong key, secret or public', async () => {
    const [sk, pk] = ['sk_sbox_wrongwrongwrongwrongwrongwr7', 'pk_sbox_wrongwrongwrongwrongwrongwr7'];
    const stranger = merchant.clientWith({ pk, ...(http === 'axios' && { httpClient: 'axios' }) }, sk);
    const unknown = refusal('AuthenticationError', 401);
    await expect(stranger.payments.get('pay_x')).rejects.toMatchObject(unknown);
    await expect(stranger.payments.increment('pay_x', {})).rejects.toMatchObject(unknown);
    await expect(stranger.payments.request({ source: CARD, amount: 1, currency: 'USD' })).rejects.toMatchObject(
      unknown,
    );
    await expect(stranger.tokens.request({ ...CARD })).rejects.toMatchObject(unknown);
  });

  it.each([-1, 0, 1e30, '10', 'ten', null, [10], { value: 10 }])('an amount of %j is refused', async (amount) => {
    const body = { source: CARD, amount, currency: 'USD', reference: newReference('hold') };
    await expect(client.payments.request(body)).rejects.toMatchObject(
      refusal('ValidationError', 422, 'amount_invalid'),
    );
  });

  it.each([-1, 0, '10', 'ten', [10]])('a capture of %j is refused', async (amount) => {
    await expect(client.payments.capture(await held(), { amount })).rejects.toMatchObject(
      refusal('ValidationError', 422, 'amount_invalid'),
    );
  });

  it('another state than it takes, and more than there is, are two refusals', async () => {
    const id = await held();
    await expect(client.payments.refund(id)).rejects.toMatchObject(
      refusal('ActionNotAllowed', 403, 'refund_not_allowed'),
    );
    await expect(client.payments.capture(id, { amount: 10201 })).rejects.toMatchObject(
      refusal('ValidationError', 422, 'capture_value_greater_than_remaining'),
    );
  });

  it('a text that no store keeps is malformed wherever it stands', async () => {
    const malformed = refusal('ValidationError', 422, 'request_malformed');
    const body = { source: CARD, amount: 1, currency: 'USD' };
    await expect(client.payments.request({ ...body, reference: 'a\u0000' })).rejects.toMatchObject(malformed);
    await expect(client.payments.request({ ...body, metadata: { deep: ['\u0000'] } })).rejects.toMatchObject(malformed);
    await expect(
      client.payments.request({ ...body, source: { type: 'token', token: 'tok_\u0000' } }),
    ).rejects.toMatchObject(malformed);
  });

  it.each([{ limit: -1 }, { limit: 1.5 }, { limit: 'ten' }, { skip: -5 }, { skip: '1e3' }])(
    'a page of %j is none',
    async (page) => {
      const none = refusal('ValidationError', 422, 'limit_or_skip_invalid');
      await expect(client.payments.getPaymentList({ reference: 'x', ...page })).rejects.toMatchObject(none);
      await expect(client.disputes.get(page)).rejects.toMatchObject(none);
    },
  );
});
