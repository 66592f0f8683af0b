import { bookings, expectBalanced, expectNothingReserved } from './support/books';
import { completed, reversed } from './support/endings';
import { Gateway, until } from './support/gateway';
import { executed, stateOf, untilOver, type PaymentWish } from './support/payments';
import { untilReturn } from './support/returns';
import { Story } from './support/story';

jest.setTimeout(240_000);

/** Reliability R9 by the amounts of the partner documentation, in one payment each: Alipay is to pay them out. */
describe('a payment whose amount has Alipay misbehave', () => {
  const gateway = new Gateway();
  const toChina = (amount: string): PaymentWish => ({ amount, fixedSide: 'target' });
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin(gateway);
  });

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
    const { id } = await story.pay('us-to-china', toChina(amount));
    await story.ends(id, completed('card hold', { audited: ['source_processed', 'credit_processed'] }));
  });

  it('666697: no, after 60 enquiries without an answer, takes nothing from the payer', async () => {
    const { id } = await story.pay('us-to-china', toChina('666697'));
    const unknown = await until(`${id} is unknown`, async () => {
      const seen = await story.partner.payment(id);
      return seen.outcome === 'unknown' ? seen : null;
    });
    expect(unknown.status).toBe('processing');
    expect((await executed(gateway, id)).transfer).toBeUndefined();
    // The next enquiries find it refused; what other stories have asked their networks for stays.
    for (const silence of await gateway.simulator.faultsAbout(`${id}-credit`)) await gateway.simulator.forgive(silence);
    const audited = ['credit_unknown', 'credit_declined', 'release_processed'];
    await story.ends(id, reversed('card hold', { audited }));
  });

  it('666685: taken back by the network itself, is a returned credit; the payment stays completed', async () => {
    const { id } = await story.pay('us-to-china', toChina('666685'));
    expect(stateOf(await untilOver(story.partner, id))).toBe('COMPLETED');
    const returned = await untilReturn(story.partner, id);
    expect(returned.amount).toMatchObject({ amount: '666685', currency: 'CNY' });
    expect(stateOf(await story.partner.payment(id))).toBe('COMPLETED');
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1, return: 1 });
    // It may have come back before the capture was known.
    const booked = async (): Promise<string[]> => (await bookings(gateway, id)).map(({ code }) => code).sort();
    await until(`${id} is booked`, async () => (await booked()).length >= 4);
    expect(await booked()).toEqual(['captured', 'credit_returned', 'credited', 'hold_funded']);
    const told = async (): Promise<string[]> =>
      (await story.receiver.received(id)).map(({ event }) => event.type.replace('payment.', '')).sort();
    await until('the partner is told', async () => (await told()).length >= 3);
    expect(await told()).toEqual(['completed', 'credit_returned', 'processing']);
    await expectNothingReserved(gateway, id);
    await expectBalanced(gateway);
  });
});
