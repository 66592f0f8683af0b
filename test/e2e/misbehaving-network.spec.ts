import { expectBalanced, expectNothingReserved, untilBookedAs } from './support/books';
import { Gateway, until } from './support/gateway';
import { executed, pay, stateOf, untilOver } from './support/payments';
import { untilReturn } from './support/returns';
import { WebhookReceiver } from './support/webhook-receiver';

jest.setTimeout(180_000);

/** Reliability R9 by the amounts of the partner documentation, in one payment each: Alipay is to pay them out. */
describe('a payment whose amount has Alipay misbehave', () => {
  const gateway = new Gateway();
  const toChina = (amount: string): Parameters<typeof pay>[3] => ({ amount, fixedSide: 'target' });

  it.each([
    ['666681', 'silence, executed after 1 s'],
    ['666686', 'a notification of success, then one of failure'],
    ['666687', 'the notification before the answer'],
    ['666688', 'eight notifications'],
    ['666689', 'a notification about somebody else’s payment'],
    ['666690', 'a notification that names another amount'],
    ['666693', 'HTTP 500 after executing'],
    ['666694', 'a closed connection'],
    ['666698', 'HTTP 500 with the body success'],
  ])('%s (%s) is paid out once, and the partner is told once', async (amount) => {
    const partner = await gateway.newPartner();
    const receiver = await WebhookReceiver.open(gateway, partner);
    const { id } = await pay(gateway, partner, 'us-to-china', toChina(amount));
    const payment = await untilOver(partner, id, 120_000);
    expect([payment.status, stateOf(payment)]).toEqual(['completed', 'COMPLETED']);
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
    await untilBookedAs(gateway, id, ['hold_funded', 'credited', 'captured']);
    const told = await receiver.untilTold(id, 'completed');
    expect(told.filter(({ event }) => event.type === 'payment.completed')).toHaveLength(1);
    await expectNothingReserved(gateway, id);
    await expectBalanced(gateway);
  });

  it('666697: no, after 60 enquiries without an answer, takes nothing from the payer', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', toChina('666697'));
    const unknown = await until(`${id} is unknown`, async () => {
      const seen = await partner.payment(id);
      return seen.outcome === 'unknown' ? seen : null;
    });
    expect(unknown.status).toBe('processing');
    expect((await executed(gateway, id)).transfer).toBeUndefined();
    // The next enquiries find it refused; what other stories have asked their networks for stays.
    for (const silence of await gateway.simulator.faultsAbout(`${id}-credit`)) await gateway.simulator.forgive(silence);
    const payment = await untilOver(partner, id, 120_000);
    expect([payment.status, stateOf(payment)]).toEqual(['failed', 'REVERSED']);
    expect(await executed(gateway, id)).toEqual({ authorize: 1, void: 1 });
    await expectNothingReserved(gateway, id);
    await expectBalanced(gateway);
  });

  it('666685: taken back by the network itself, is a returned credit; the payment stays completed', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', toChina('666685'));
    expect(stateOf(await untilOver(partner, id))).toBe('COMPLETED');
    const returned = await untilReturn(partner, id);
    expect(returned.amount).toMatchObject({ amount: '666685', currency: 'CNY' });
    expect(stateOf(await partner.payment(id))).toBe('COMPLETED');
    await expectBalanced(gateway);
  });
});
