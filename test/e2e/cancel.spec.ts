import { randomUUID } from 'node:crypto';
import { Gateway, until } from './support/gateway';
import { executed, pay, stateOf, untilOver } from './support/payments';
import { expectBalanced, expectNothingReserved } from './support/books';
import type { Problem } from './support/partner-client';
import { Story } from './support/story';

jest.setTimeout(120_000);

describe('a cancellation by the partner', () => {
  const gateway = new Gateway();

  it('in time ends canceled: the order is closed and nothing was credited', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'china-to-us', { alipay: 'in_app' });
    await partner.untilStatus(id, 'requires_action');
    const answer = await partner.post(`/v1/payments/${id}/cancel`, {});
    expect([200, 202]).toContain(answer.status);
    const payment = await untilOver(partner, id, 90_000);
    expect([payment.status, stateOf(payment)]).toEqual(['canceled', 'REVERSED']);
    expect((await executed(gateway, id)).payout).toBeUndefined();
    await expectNothingReserved(gateway, id);
    await expectBalanced(gateway);
  });

  it('F20 that meets a payer who pays all the same ends canceled: Alipay gives all of it back, nothing is booked', async () => {
    const story = await Story.begin(gateway);
    const { id } = await story.pay('china-to-us', { alipay: 'in_app' });
    await story.partner.untilStatus(id, 'requires_action');
    await story.partner.post(`/v1/payments/${id}/cancel`, {});
    await untilOver(story.partner, id, 90_000);
    await gateway.simulator.confirmOrder(id);
    await story.ends(id, {
      status: 'canceled',
      state: 'REVERSED',
      executed: { pay: 1, automatic_refund: 1 },
      booked: [],
      told: ['processing', 'requires_action', 'processing', 'canceled'],
      audited: ['source_pending', 'cancel_requested', 'release_processed'],
    });
  });

  it('of a held card payment voids the hold', async () => {
    const account = `${randomUUID()}@example.com`;
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { alipay: account, token: { outcome: 'hold_pending' } });
    await partner.post(`/v1/payments/${id}/cancel`, {});
    const payment = await untilOver(partner, id, 90_000);
    expect(payment.status).toBe('canceled');
    const movements = await executed(gateway, id);
    expect(movements.transfer).toBeUndefined();
    expect(movements.capture).toBeUndefined();
    await expectNothingReserved(gateway, id);
  });

  it.each(['us-to-china', 'china-to-us'] as const)(
    'too late, after the payee has the money (%s), is refused and changes nothing',
    async (direction) => {
      const partner = await gateway.newPartner();
      const { id } = await pay(gateway, partner, direction);
      await untilOver(partner, id);
      const answer = await partner.post<Problem>(`/v1/payments/${id}/cancel`, {});
      expect([answer.status, answer.body.code]).toEqual([409, 'PAYMENT_NOT_CANCELABLE']);
      expect((await partner.payment(id)).status).toBe('completed');
    },
  );

  it('too late, while the credit is under way, is refused, and the payment completes', async () => {
    const account = `${randomUUID()}@example.com`;
    await gateway.simulator.fault({
      network: 'open_platform',
      operation: 'transfer',
      match: { account },
      behaviour: 'delay',
      params: { ms: 2_500 },
      times: 1,
    });
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { alipay: account });
    await until('the credit is sent', async () => stateOf(await partner.payment(id)) === 'CREDITING');
    const answer = await partner.post<Problem>(`/v1/payments/${id}/cancel`, {});
    expect([answer.status, answer.body.code]).toEqual([409, 'PAYMENT_NOT_CANCELABLE']);
    expect((await untilOver(partner, id)).status).toBe('completed');
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
  });
});
