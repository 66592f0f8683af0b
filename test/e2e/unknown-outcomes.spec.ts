import { randomInt, randomUUID } from 'node:crypto';
import { Gateway, until } from './support/gateway';
import { executed, pay, paymentCode, prepare, stateOf, untilOver, type PaymentWish } from './support/payments';
import { bookedMovements, expectBalanced } from './support/books';
import { untilAudited, untilCase } from './support/oversight';
import type { PaymentView } from './support/partner-client';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(180_000);

describe('an outcome that is not known', () => {
  const gateway = new Gateway();
  const completes = async (direction: 'us-to-china' | 'china-to-us', wish: PaymentWish): Promise<string> => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, direction, wish);
    const payment = await untilOver(partner, id, 120_000);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
    return id;
  };

  it('F06 a hold that timed out and was approved is found within the policy’s age: the payment goes on and completes', async () => {
    const id = await completes('us-to-china', { token: { outcome: 'hold_timeout_executed' } });
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
    await bookedMovements(gateway, id, ['hold', 'credit', 'capture']);
    await untilAudited(gateway, id, 'wallet.hold.processed', ({ evidence }) => evidence === 'enquiry');
  });

  it('F06 a collection that timed out and was made is found and the payment completes', async () => {
    const id = await completes('china-to-us', { alipay: paymentCode('1001') });
    expect(await executed(gateway, id)).toEqual({ pay: 1, payout: 1 });
  });

  it('a transfer that timed out and is not found is sent again with the same id and done once', async () => {
    const account = `${randomUUID()}@example.com`;
    await gateway.simulator.fault({
      network: 'open_platform',
      operation: 'transfer',
      match: { account },
      behaviour: 'timeout_without_executing',
      times: 1,
    });
    const id = await completes('us-to-china', { alipay: account });
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
  });

  it('a push to the card that timed out and is not found is sent again with the same id and done once', async () => {
    const id = await completes('china-to-us', { token: { outcome: 'payout_timeout_not_executed' } });
    expect(await executed(gateway, id)).toEqual({ pay: 1, payout: 1 });
    await bookedMovements(gateway, id, ['collect', 'credit']);
  });

  it('while it is not known the partner sees processing and outcome unknown, never a guess', async () => {
    const account = `${randomUUID()}@example.com`;
    await gateway.simulator.fault({
      network: 'open_platform',
      operation: '*',
      match: { account },
      behaviour: 'timeout_after_executing',
      times: 3,
    });
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { alipay: account });
    const seen = await until('the outcome is shown as unknown', async () => {
      const payment = await partner.payment(id);
      return payment.outcome === 'unknown' ? payment : null;
    });
    expect(seen.status).toBe('processing');
    expect((await untilOver(partner, id, 120_000)).status).toBe('completed');
  });

  it('a capture that answers an error after it was made is captured once', async () => {
    const id = await completes('us-to-china', { token: { outcome: 'capture_error_executed' } });
    expect((await executed(gateway, id)).capture).toBe(1);
    await bookedMovements(gateway, id, ['hold', 'credit', 'capture']);
  });

  it.each([
    ['by its notification three times', 'notify_twice', { copies: 3 }],
    ['by its notification first and by the call later', 'answer_late', { ms: 1_500 }],
  ])('F10 a capture that is answered twice, %s, is captured, booked and told once', async (_how, behaviour, params) => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const { request, quote } = await prepare(gateway, partner, 'us-to-china', {
      amount: String(randomInt(20_000, 40_000)),
    });
    const { amount } = quote.total_source_amount;
    const rule = { network: 'acquirer', operation: 'capture', match: { amount }, times: 1 };
    await gateway.simulator.fault({ ...rule, behaviour, params });
    const { id } = await partner.create<PaymentView>('/v1/payments', request);
    expect(stateOf(await untilOver(partner, id, 120_000))).toBe('COMPLETED');
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
    await bookedMovements(gateway, id, ['hold', 'credit', 'capture']);
    await expectBalanced(gateway);
    const told = await receiver.untilTold(id, 'completed');
    expect(told.map(({ event }) => event.type)).toEqual(['payment.processing', 'payment.completed']);
    await untilAudited(gateway, id, 'wallet.capture.processed');
  });

  it('a capture that timed out and was made is found: captured once', async () => {
    const id = await completes('us-to-china', { token: { outcome: 'capture_timeout_executed' } });
    expect((await executed(gateway, id)).capture).toBe(1);
  });

  it('F11 a capture that was not taken while the hold is good is made again: captured once', async () => {
    const id = await completes('us-to-china', { token: { outcome: 'capture_timeout_not_executed' } });
    expect((await executed(gateway, id)).capture).toBe(1);
    await bookedMovements(gateway, id, ['hold', 'credit', 'capture']);
  });

  it('F11 a capture that is finally refused ends CAPTURE_LOST: the payee keeps the money, the loss is booked', async () => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const { id } = await pay(gateway, partner, 'us-to-china', { token: { outcome: 'capture_declined' } });
    const payment = await untilOver(partner, id, 120_000);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'CAPTURE_LOST']);
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1 });
    await expectBalanced(gateway);
    expect(await untilCase(gateway, id, 'capture_lost')).toMatchObject({ owner: 'settlement' });
    await untilAudited(gateway, id, 'payment.capture_declined', ({ money }) => money === 'capture_lost');
    const told = await receiver.untilTold(id, 'completed');
    expect(told.map(({ event }) => event.type)).toEqual(['payment.processing', 'payment.completed']);
  });

  it('a void that timed out and was made is found: released once', async () => {
    const partner = await gateway.newPartner();
    const wish = { alipay: 'closed@example.com', token: { outcome: 'void_timeout_executed' } };
    const { id } = await pay(gateway, partner, 'us-to-china', wish);
    expect(stateOf(await untilOver(partner, id, 120_000))).toBe('REVERSED');
    expect(await executed(gateway, id)).toEqual({ authorize: 1, void: 1 });
  });
});
