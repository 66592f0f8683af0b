import { Gateway } from './support/gateway';
import { executed, pay, stateOf, untilOver, type Direction } from './support/payments';
import { bookedMovements, expectBalanced, expectNothingReserved } from './support/books';
import { recordsOf } from './support/records';

jest.setTimeout(120_000);

describe('a payment that completes', () => {
  const gateway = new Gateway();

  it.each([
    ['us-to-china', 'visa'],
    ['us-to-china', 'mastercard'],
    ['us-to-china', 'amex'],
    ['china-to-us', 'visa'],
    ['china-to-us', 'mastercard'],
  ] as const)('%s with %s arrives once, with books that balance', async (direction: Direction, scheme) => {
    const partner = await gateway.newPartner();
    const started = await pay(gateway, partner, direction, { token: { scheme } });
    expect(['processing', 'requires_action']).toContain(started.status);
    const payment = await untilOver(partner, started.id);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
    const toChina = direction === 'us-to-china';
    expect(await executed(gateway, payment.id)).toEqual(
      toChina ? { authorize: 1, transfer: 1, capture: 1 } : { pay: 1, payout: 1 },
    );
    await bookedMovements(gateway, payment.id, toChina ? ['hold', 'credit', 'capture'] : ['collect', 'credit']);
    await expectBalanced(gateway);
    await expectNothingReserved(gateway, payment.id);
  });

  it.each([
    ['us-to-china', ['hold', 'credit', 'capture']],
    ['china-to-us', ['collect', 'credit']],
  ] as const)('%s costs at most 30 records over all topics, audit included', async (direction, movements) => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, direction);
    expect((await untilOver(partner, id)).status).toBe('completed');
    await bookedMovements(gateway, id, movements);
    const records = await recordsOf(gateway, id);
    expect(Object.keys(records)).toContain('payments.payment.events.v1');
    const all = Object.values(records).reduce((sum, count) => sum + count, 0);
    expect({ records, tooMany: all > 30 }).toEqual({ records, tooMany: false });
  });

  it.each(['source', 'target'] as const)('keeps the %s amount exactly where that side is fixed', async (fixedSide) => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { fixedSide, amount: '12345' });
    const payment = await untilOver(partner, id);
    expect(payment.status).toBe('completed');
    expect(payment[`${fixedSide}_amount`].amount).toBe('12345');
  });

  it('person to person is pulled from the card at once and never captured', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { purpose: 'person_to_person' });
    const payment = await untilOver(partner, id);
    expect(payment.status).toBe('completed');
    expect(await executed(gateway, id)).toEqual({ account_funding: 1, transfer: 1 });
  });

  it('waits for the payer who confirms in the app, shows how, and then completes', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'china-to-us', { alipay: 'in_app' });
    await partner.untilStatus(id, 'requires_action');
    await gateway.simulator.confirmOrder(id);
    expect((await untilOver(partner, id)).status).toBe('completed');
  });
});
