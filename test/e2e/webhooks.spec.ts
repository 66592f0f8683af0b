import { Gateway, until } from './support/gateway';
import type { PartnerClient } from './support/partner-client';
import { pay, type Direction, type PaymentWish } from './support/payments';
import { WebhookReceiver, type ReceivedWebhook } from './support/webhook-receiver';

jest.setTimeout(120_000);

const typesOf = (events: readonly ReceivedWebhook[]): string[] => events.map(({ event }) => event.type);

describe('webhooks of a payment', () => {
  const gateway = new Gateway();
  let partner: PartnerClient;
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    partner = await gateway.newPartner();
    receiver = await WebhookReceiver.open(gateway, partner);
  });

  async function expectTold(id: string, types: readonly string[]): Promise<void> {
    const events = await receiver.untilTold(id, types.at(-1)!.replace('payment.', ''));
    expect(typesOf(events)).toEqual(types);
    const sequences = events.map(({ event }) => event.sequence);
    expect(sequences).toEqual([...sequences].sort((left, right) => left - right));
    for (const { event, webhook_id } of events) {
      expect(webhook_id).toBe(event.id);
      expect(event.data.object).toMatchObject({ id, status: event.type.replace('payment.', '') });
    }
    expect(await receiver.refused()).toBe(0);
  }

  it.each<[string, Direction, PaymentWish, string[]]>([
    ['that completes', 'us-to-china', {}, ['payment.processing', 'payment.completed']],
    ['that completes the other way', 'china-to-us', {}, ['payment.processing', 'payment.completed']],
    [
      'that is declined',
      'us-to-china',
      { token: { outcome: 'insufficient_funds' } },
      ['payment.processing', 'payment.declined'],
    ],
    [
      'whose payee cannot be paid',
      'us-to-china',
      { alipay: 'closed@example.com' },
      ['payment.processing', 'payment.failed'],
    ],
  ])('%s arrive signed, each once and in order (%s)', async (_what, direction, wish, types) => {
    const { id } = await pay(gateway, partner, direction, wish);
    await expectTold(id, types);
  });

  it('that waits for the payer tell so, and what came of it', async () => {
    const { id } = await pay(gateway, partner, 'china-to-us', { alipay: 'in_app' });
    await receiver.untilTold(id, 'requires_action');
    await gateway.simulator.confirmOrder(id);
    const events = await receiver.untilTold(id, 'completed');
    expect(typesOf(events).slice(0, 2)).toEqual(['payment.processing', 'payment.requires_action']);
    expect(typesOf(events).at(-1)).toBe('payment.completed');
  });

  it('that the partner cancels end with canceled', async () => {
    const { id } = await pay(gateway, partner, 'china-to-us', { alipay: 'in_app' });
    await receiver.untilTold(id, 'requires_action');
    await partner.post(`/v1/payments/${id}/cancel`, {});
    await receiver.untilTold(id, 'canceled');
  });

  it('come again after the receiver failed, and no later one overtakes the one that failed', async () => {
    await receiver.failNext(3, 500);
    const { id } = await pay(gateway, partner, 'us-to-china');
    await partner.untilStatus(id, 'completed');
    await expectTold(id, ['payment.processing', 'payment.completed']);
    expect((await receiver.received(id)).map(({ deliveries }) => deliveries)).toEqual([1, 1]);
  });

  it('are refused by a receiver with another secret, and come again until it has the right one', async () => {
    await receiver.verifyWith('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const { id } = await pay(gateway, partner, 'us-to-china');
    await until('a delivery was refused', async () => (await receiver.refused()) > 0);
    expect(await receiver.received(id)).toEqual([]);
    await receiver.verifyWith(receiver.secret);
    const events = await receiver.untilTold(id, 'completed');
    expect(typesOf(events)).toEqual(['payment.processing', 'payment.completed']);
  });

  it('of one partner are never sent to another', async () => {
    const other = await gateway.newPartner();
    const foreign = await WebhookReceiver.open(gateway, other);
    const { id } = await pay(gateway, partner, 'us-to-china');
    await receiver.untilTold(id, 'completed');
    expect(await foreign.received(id)).toEqual([]);
  });
});
