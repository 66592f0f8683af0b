import { createHmac } from 'node:crypto';
import { NotificationReceiver } from './notification-receiver';
import { eventually, newReference, RunningSimulator } from './running-simulator';
import { AcquirerMerchant } from './official-acquirer-client';

jest.setTimeout(180_000);

describe('the simulated acquirer, misbehaving', () => {
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

  it('keeps no answer for an error that had executed: the repeat refunds again', async () => {
    const held = await merchant.hold(newReference('hold'));
    await merchant.client.payments.capture(held.id, {}, newReference('capture'));
    const reference = newReference('refund');
    await simulator.fault({
      network: 'acquirer',
      operation: 'refund',
      match: reference,
      behaviour: 'http_500',
      params: { executed: true },
    });
    const refund = (): Promise<unknown> =>
      merchant.client.payments.refund(held.id, { amount: 1000, reference }, reference);
    await expect(refund()).rejects.toMatchObject({ http_code: 500 });
    await refund();
    expect(await simulator.movements(reference)).toHaveLength(2);
  });

  it('lets a hold lapse when its days are over', async () => {
    const held = await merchant.hold(newReference('hold'), { scheme: 'mastercard' });
    await simulator.control('POST', '/clock', { offset_ms: 7 * 86_400_000 + 60_000 });
    await expect(merchant.client.payments.capture(held.id, {})).rejects.toMatchObject({ http_code: 403 });
    expect((await merchant.client.payments.get(held.id)).status).toBe('Expired');
  });

  it('holds for a shorter time where it is told to', async () => {
    await simulator.fault({
      network: 'acquirer',
      operation: 'authorize',
      match: 'next',
      behaviour: 'short_hold',
      params: { ms: 3_600_000 },
    });
    const held = await merchant.hold(newReference('hold'));
    await simulator.control('POST', '/clock', { offset_ms: 3_660_000 });
    await expect(merchant.client.payments.capture(held.id, {})).rejects.toMatchObject({ http_code: 403 });
    expect((await merchant.client.payments.get(held.id)).status).toBe('Expired');
  });

  it('approves after all what it had declined or undone: it stands again, and can be undone again', async () => {
    const reference = newReference('hold');
    const held = await merchant.hold(reference);
    const early = simulator.control('POST', '/late_success', { network: 'acquirer', reference });
    await expect(early).rejects.toThrow('404');
    await merchant.client.payments.void(held.id, {}, newReference('void'));
    await simulator.control('POST', '/late_success', { network: 'acquirer', reference });
    expect((await merchant.client.payments.get(held.id)).status).toBe('Authorized');
    await merchant.client.payments.void(held.id, {}, newReference('void'));
    expect((await merchant.client.payments.get(held.id)).status).toBe('Voided');
    const declined = newReference('payout');
    const destination = { type: 'token', token: await merchant.token({ outcome: 'payout_declined' }) };
    const body = { source: { type: 'currency_account' }, destination, amount: 10200, currency: 'USD' };
    await merchant.client.payments.request({ ...body, reference: declined }, declined);
    await simulator.control('POST', '/late_success', { network: 'acquirer', reference: declined });
    expect((await simulator.movements(declined)).map(({ operation }) => operation)).toEqual(['payout']);
  });

  it('executes and stays silent, or stays silent only: enquiry tells', async () => {
    const hasty = merchant.clientWith({ timeout: 700 });
    for (const [outcome, expected] of [
      ['hold_timeout_executed', 1],
      ['hold_timeout_not_executed', 0],
    ] as const) {
      const reference = newReference('hold');
      const body = await merchant.holdBody(reference, { outcome });
      await expect(
        Promise.race([
          hasty.payments.request(body, reference),
          new Promise((_, reject) => setTimeout(() => reject(new Error('silence')), 900)),
        ]),
      ).rejects.toThrow();
      expect(await merchant.client.payments.getPaymentList({ reference })).toMatchObject({ total_count: expected });
      expect(await merchant.client.payments.request(body, reference)).toMatchObject({ status: 'Authorized' });
      expect(await simulator.movements(reference)).toHaveLength(1);
    }
  });

  it('answers pending and finishes by itself', async () => {
    const held = await merchant.hold(newReference('hold'), { outcome: 'hold_pending' });
    expect(held.status).toBe('Pending');
    const settled = await eventually(async () => {
      const found = await merchant.client.payments.get(held.id);
      return found.status === 'Pending' ? undefined : found;
    });
    expect(settled).toMatchObject({ status: 'Authorized', approved: true, amount: 10200 });
  });

  describe('takes back by itself what it has approved', () => {
    type Action = { type: string; approved: boolean; reference?: string };
    const taken = async (id: string, reference: string): Promise<[unknown, string[], Action | undefined]> => {
      await simulator.control('POST', '/clock', { offset_ms: 60_000 });
      const movements = await eventually(async () => {
        const found = await simulator.movements(reference);
        return found.length > 1 ? found : undefined;
      });
      const [last] = (await merchant.client.payments.getActions(id)) as Action[];
      const { status } = await merchant.client.payments.get(id);
      return [status, movements.map(({ operation, sign }) => `${operation} ${sign}`), last];
    };

    it('a hold', async () => {
      const reference = newReference('hold');
      const held = await merchant.hold(reference, { outcome: 'hold_taken_back' });
      const [status, movements, action] = await taken(held.id, reference);
      expect([status, movements]).toEqual(['Voided', ['authorize 0', 'void 0']]);
      expect(action).toMatchObject({ type: 'Void', approved: true });
      expect(action).not.toHaveProperty('reference');
    });

    it('what was captured', async () => {
      const reference = newReference('hold');
      const held = await merchant.hold(reference, { outcome: 'capture_taken_back' });
      await merchant.client.payments.capture(held.id, {}, newReference('capture'));
      const [status, , action] = await taken(held.id, reference);
      expect([status, action?.type]).toEqual(['Refunded', 'Refund']);
      expect(action).not.toHaveProperty('reference');
    });

    it('a card pull, and a payout, by their amount', async () => {
      const token = await merchant.token({ amount: '666685' });
      const money = { amount: 666685, currency: 'USD' };
      const [pull, payout] = [newReference('collect'), newReference('payout')];
      const pulled = await merchant.client.payments.request(
        {
          ...money,
          source: { type: 'token', token },
          capture: true,
          processing: { aft: true },
          sender: { type: 'individual', reference: pull },
          recipient: { reference: pull },
          reference: pull,
        },
        pull,
      );
      const destination = { type: 'token', token: await merchant.token() };
      const body = { ...money, source: { type: 'currency_account' }, destination, reference: payout };
      const paid = await merchant.client.payments.request(body, payout);
      expect((await taken(pulled.id, pull)).slice(0, 2)).toEqual(['Refunded', ['account_funding -1', 'refund 1']]);
      expect((await taken(paid.id, payout)).slice(0, 2)).toEqual(['Returned', ['payout 1', 'return -1']]);
    });
  });

  it('executes later than it was asked, with nothing to be found until then', async () => {
    const reference = newReference('hold');
    const body = await merchant.holdBody(reference);
    const match = { reference };
    await simulator.fault({
      network: 'acquirer',
      operation: 'authorize',
      match,
      behaviour: 'execute_later',
      ms: 60_000,
    });
    void merchant.client.payments.request(body, reference).catch(() => undefined);
    await eventually(async () => {
      const { faults } = await simulator.control<{ faults: { used: number }[] }>('GET', '/faults');
      return faults.some(({ used }) => used === 1) ? true : undefined;
    });
    expect(await merchant.client.payments.getPaymentList({ reference })).toMatchObject({ total_count: 0 });
    await simulator.control('POST', '/clock', { offset_ms: 61_000 });
    await eventually(async () => ((await simulator.movements(reference)).length === 1 ? true : undefined));
  });

  it('closes the connection after executing', async () => {
    const reference = newReference('hold');
    const body = await merchant.holdBody(reference, { outcome: 'hold_connection_closed' });
    await expect(merchant.client.payments.request(body, reference)).rejects.toBeDefined();
    expect(await simulator.movements(reference)).toHaveLength(1);
  });

  describe('its webhooks', () => {
    let receiver: NotificationReceiver;

    beforeEach(async () => {
      receiver = await NotificationReceiver.listen();
      await simulator.control('POST', '/acquirer/webhook', { url: `${receiver.url}/notifications` });
    });
    afterEach(async () => {
      await receiver.close();
    });

    it('are signed over the body', async () => {
      const held = await merchant.hold(newReference('hold'));
      const [webhook] = await eventually(async () =>
        receiver.about(held.id).length > 0 ? receiver.about(held.id) : undefined,
      );
      const expected = createHmac('sha256', merchant.secrets.webhook_secret)
        .update(webhook?.body ?? '')
        .digest('hex');
      expect(webhook?.headers['cko-signature']).toBe(expected);
      expect(JSON.parse(webhook?.body ?? '')).toMatchObject({
        type: 'payment_approved',
        data: { id: held.id, amount: 10200, reference: held.reference },
      });
    });

    it('come twice when told so, and never when told so', async () => {
      const twice = await merchant.hold(newReference('hold'), { outcome: 'notify_twice' });
      const never = await merchant.hold(newReference('hold'), { outcome: 'notify_never' });
      await eventually(async () => (receiver.about(twice.id).length === 2 ? true : undefined));
      expect(receiver.about(never.id)).toEqual([]);
    });

    it('say of one action that it was done, and then that it was not', async () => {
      const held = await merchant.hold(newReference('hold'), { outcome: 'capture_contradicted' });
      await merchant.client.payments.capture(held.id, {}, newReference('capture'));
      await simulator.control('POST', '/clock', { offset_ms: 10_000 });
      const types = await eventually(async () => {
        const told = receiver.about(held.id).map(({ body }) => (JSON.parse(body) as { type: string }).type);
        return told.length >= 3 ? told : undefined;
      });
      expect(types.sort()).toEqual(['payment_approved', 'payment_capture_declined', 'payment_captured']);
      expect((await merchant.client.payments.get(held.id)).status).toBe('Captured');
    });

    it('are sent again until they are taken', async () => {
      receiver.status = 500;
      const held = await merchant.hold(newReference('hold'));
      await eventually(async () => (receiver.about(held.id).length === 1 ? true : undefined));
      receiver.status = 200;
      await simulator.control('POST', '/clock', { offset_ms: 61_000 });
      await eventually(async () => (receiver.about(held.id).length === 2 ? true : undefined));
    });
  });
});
