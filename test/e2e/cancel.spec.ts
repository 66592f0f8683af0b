import { randomUUID } from 'node:crypto';
import { Gateway } from './support/gateway';
import { executed, pay, stateOf, untilOver } from './support/payments';
import { expectBalanced, expectNothingReserved } from './support/books';
import type { Problem } from './support/partner-client';

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

  it('after the payee has the money is refused and changes nothing', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china');
    await untilOver(partner, id);
    const answer = await partner.post<Problem>(`/v1/payments/${id}/cancel`, {});
    expect([answer.status, answer.body.code]).toEqual([409, 'PAYMENT_NOT_CANCELABLE']);
    expect((await partner.payment(id)).status).toBe('completed');
  });
});
