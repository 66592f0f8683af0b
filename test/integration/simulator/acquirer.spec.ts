import { RunningSimulator, newReference } from './running-simulator';
import { AcquirerMerchant, type Paid } from './official-acquirer-client';

jest.setTimeout(180_000);

describe('the simulated acquirer, used by its official client', () => {
  let simulator: RunningSimulator;
  let merchant: AcquirerMerchant;

  beforeAll(async () => {
    simulator = await RunningSimulator.start();
    merchant = await AcquirerMerchant.of(simulator);
  });
  afterAll(async () => {
    await simulator.stop();
  });
  afterEach(async () => {
    await simulator.control('DELETE', '/faults');
    await simulator.control('POST', '/clock', { offset_ms: 0 });
  });

  it('opens a wallet token and tells the card without its number', async () => {
    const answer = await merchant.client.tokens.request({
      type: 'applepay',
      token_data: await merchant.walletToken({ scheme: 'mastercard' }),
    });
    expect(answer).toMatchObject({ type: 'applepay', scheme: 'Mastercard', issuer_country: 'US' });
    expect(JSON.stringify(answer)).not.toMatch(/[0-9]{12,}/);
  });

  it.each(['wrong_merchant', 'undecryptable', 'tampered_data'])('refuses a wallet token that is %s', async (broken) => {
    const token_data = await merchant.walletToken({ broken });
    await expect(merchant.client.tokens.request({ type: 'applepay', token_data })).rejects.toMatchObject({
      http_code: 422,
      body: { error_codes: ['token_data_invalid'] },
    });
  });

  it('knows nobody without a key', async () => {
    const stranger = merchant.clientWith({}, 'sk_sbox_simulatedsecretkeyforthega6');
    await expect(stranger.payments.get('pay_unknown')).rejects.toMatchObject({ http_code: 401 });
  });

  it('holds for a hundred at once: nobody waits for a connection that only another waiting request could free', async () => {
    const asked: [Record<string, unknown>, string][] = [];
    for (let count = 0; count < 100; count++) {
      const reference = newReference('hold');
      asked.push([await merchant.holdBody(reference), reference]);
    }
    const held = await Promise.all(asked.map(([body, key]) => merchant.client.payments.request(body, key)));
    expect(new Set(held.map(({ status }) => status))).toEqual(new Set(['Authorized']));
  });

  it('holds, captures, refunds, and its books say so', async () => {
    const reference = newReference('hold');
    const held = await merchant.hold(reference);
    expect(held).toMatchObject({
      status: 'Authorized',
      approved: true,
      amount: 10200,
      response_code: '10000',
      eci: '07',
    });
    const days = (new Date(held.expires_on ?? 0).getTime() - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(10);

    const capture = newReference('capture');
    const captured = await merchant.client.payments.capture(held.id, { amount: 10200, reference: capture }, capture);
    expect(captured).toMatchObject({ reference: capture });
    await merchant.client.payments.refund(held.id, { amount: 4000, reference: 'rfd-1' }, 'rfd-1');
    const found = await merchant.client.payments.get(held.id);
    expect(found.status).toBe('Partially Refunded');
    expect(found.balances).toMatchObject({ total_captured: 10200, total_refunded: 4000, available_to_refund: 6200 });
    expect(await merchant.client.payments.getActions(held.id)).toMatchObject([
      { type: 'Refund', amount: 4000, reference: 'rfd-1' },
      { type: 'Capture', amount: 10200, reference: capture },
      { type: 'Authorization', amount: 10200, reference },
    ]);
    expect(await simulator.movements(held.id)).toEqual([
      { operation: 'authorize', amount: '10200', sign: 0 },
      { operation: 'capture', amount: '10200', sign: -1 },
      { operation: 'refund', amount: '4000', sign: 1 },
    ]);
  });

  it('refuses to capture more than it holds, or twice', async () => {
    const held = await merchant.hold(newReference('hold'));
    await expect(merchant.client.payments.capture(held.id, { amount: 10201 })).rejects.toMatchObject({
      http_code: 422,
    });
    await merchant.client.payments.capture(held.id, { amount: 10200, reference: 'c1' }, `${held.id}-c1`);
    await expect(merchant.client.payments.capture(held.id, { amount: 10200 }, `${held.id}-c2`)).rejects.toMatchObject({
      http_code: 403,
    });
    await expect(merchant.client.payments.void(held.id, {})).rejects.toMatchObject({ http_code: 403 });
  });

  it('voids a hold, and reverses as a void or as a refund', async () => {
    const [voided, reversedHold, reversedCapture] = [
      await merchant.hold(newReference('hold')),
      await merchant.hold(newReference('hold')),
      await merchant.hold(newReference('hold')),
    ];
    await merchant.client.payments.void(voided.id, { reference: 'v' }, `${voided.id}-v`);
    expect((await merchant.client.payments.get(voided.id)).status).toBe('Voided');
    expect(await merchant.client.payments.reverse(reversedHold.id, { reference: 'r' })).toMatchObject({
      action_type: 'void',
    });
    await merchant.client.payments.capture(reversedCapture.id, {});
    expect(await merchant.client.payments.reverse(reversedCapture.id, {})).toMatchObject({ action_type: 'refund' });
    expect((await merchant.client.payments.get(reversedCapture.id)).status).toBe('Refunded');
  });

  it('finds a payment by our reference', async () => {
    const reference = newReference('hold');
    const held = await merchant.hold(reference);
    const found = await merchant.client.payments.getPaymentList({ reference, limit: 10 });
    expect(found).toMatchObject({ total_count: 1, data: [{ id: held.id, reference, status: 'Authorized' }] });
    expect(await merchant.client.payments.getPaymentList({ reference: 'nobody' })).toMatchObject({
      total_count: 0,
      data: [],
    });
  });

  it('pulls from a card in one message and pushes to a card, but not for Amex', async () => {
    const pull = newReference('collect');
    const parties = { processing: { aft: true }, sender: { type: 'individual' }, recipient: { type: 'individual' } };
    const pulled = await merchant.client.payments.request(
      await merchant.holdBody(pull, {}, { ...parties, capture: true }),
      pull,
    );
    expect(pulled.status).toBe('Captured');
    expect(await simulator.movements(pull)).toEqual([{ operation: 'account_funding', amount: '10200', sign: -1 }]);

    const push = newReference('credit');
    const payout = async (scheme: string, reference: string): Promise<Paid> => {
      const destination = { type: 'token', token: await merchant.token({ scheme }) };
      return merchant.client.payments.request({ destination, amount: 5000, currency: 'USD', reference }, reference);
    };
    expect(await payout('visa', push)).toMatchObject({ status: 'Paid', approved: true, amount: 5000 });
    expect(await simulator.movements(push)).toEqual([{ operation: 'payout', amount: '5000', sign: 1 }]);
    expect(await payout('amex', newReference('credit'))).toMatchObject({ status: 'Declined', response_code: '20057' });
  });

  it.each([
    ['visa', 'approve', 'fast_funds'],
    ['mastercard', 'approve', 'fast_funds'],
    ['amex', 'approve', 'not_supported'],
    ['visa', 'payout_not_eligible', 'not_supported'],
  ])('says whether %s (%s) can be pushed to: %s', async (scheme, outcome, expected) => {
    const token = await merchant.token({ scheme, outcome });
    const facts = await merchant.client.cardMetadata.get({ source: { type: 'token', token }, format: 'card_payouts' });
    expect(facts).toMatchObject({ scheme, card_payouts: { domestic_money_transfer: expected } });
  });

  it.each([
    ['insufficient_funds', '20051'],
    ['do_not_honour', '20005'],
    ['suspected_fraud', '20059'],
  ])('declines a card marked %s with %s and moves nothing', async (outcome, code) => {
    const reference = newReference('hold');
    expect(await merchant.hold(reference, { outcome })).toMatchObject({
      status: 'Declined',
      approved: false,
      response_code: code,
    });
    expect(await simulator.movements(reference)).toEqual([]);
  });

  it('approves a part and says what was asked', async () => {
    const held = await merchant.hold(newReference('hold'), { outcome: 'partial_approval' });
    expect(held).toMatchObject({ approved: true, amount: 5100, amount_requested: 10200, response_code: '10010' });
  });

  it('repeats its answer for the same key, executes once, and refuses another body under it', async () => {
    const reference = newReference('hold');
    const body = await merchant.holdBody(reference);
    const answers = await Promise.all([1, 2, 3, 4].map(() => merchant.client.payments.request(body, reference)));
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(await simulator.movements(reference)).toHaveLength(1);
    await expect(merchant.client.payments.request({ ...body, amount: 1 }, reference)).rejects.toMatchObject({
      http_code: 422,
    });
  });

  it('uses a token once', async () => {
    const body = await merchant.holdBody(newReference('hold'));
    await merchant.client.payments.request(body);
    await expect(merchant.client.payments.request({ ...body, reference: newReference('hold') })).rejects.toMatchObject({
      http_code: 422,
      body: { error_codes: ['token_used'] },
    });
  });

  it('forgets a key after 24 hours: a capture repeated too late is judged anew', async () => {
    const held = await merchant.hold(newReference('hold'));
    const key = newReference('capture');
    await merchant.client.payments.capture(held.id, { reference: key }, key);
    await merchant.client.payments.capture(held.id, { reference: key }, key);
    await simulator.control('POST', '/clock', { offset_ms: 25 * 3_600_000 });
    await expect(merchant.client.payments.capture(held.id, { reference: key }, key)).rejects.toMatchObject({
      http_code: 403,
    });
  });
});
