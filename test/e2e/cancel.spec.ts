import { randomInt, randomUUID } from 'node:crypto';
import { completed, SOURCE_OF } from './support/endings';
import { Gateway, until } from './support/gateway';
import type { Problem } from './support/partner-client';
import { prepare, stateOf, untilOver, type Direction, type PaymentWish } from './support/payments';
import { auditOf } from './support/records';
import { Story, type Ending } from './support/story';

jest.setTimeout(240_000);

const BOTH = ['us-to-china', 'china-to-us'] as const;
/** Longer than a busy machine stands still, so that a cancellation comes while the network still thinks. */
const THINKS_MS = 8_000;
const CANCELED: Ending = {
  status: 'canceled',
  state: 'REVERSED',
  executed: {},
  booked: [],
  told: ['processing', 'canceled'],
  audited: ['cancel_requested', 'release_processed'],
};

describe('a cancellation by the partner', () => {
  const gateway = new Gateway();
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin(gateway);
  });

  /** An order in the app that waits for its payer, and is cancelled by the partner. */
  async function cancelledOrder(): Promise<string> {
    const { id } = await story.pay('china-to-us', { alipay: 'in_app' });
    await story.partner.untilStatus(id, 'requires_action');
    await story.receiver.untilTold(id, 'requires_action');
    const answer = await story.partner.post(`/v1/payments/${id}/cancel`, {});
    expect([200, 202]).toContain(answer.status);
    return id;
  }
  const CLOSED: Ending = {
    ...CANCELED,
    told: ['processing', 'requires_action', 'processing', 'canceled'],
    audited: ['source_pending', 'cancel_requested', 'release_processed'],
  };

  it('in time ends canceled: the order is closed and nothing was credited', async () => {
    await story.ends(await cancelledOrder(), CLOSED);
  });

  it('F20 that meets a payer who pays all the same ends canceled: Alipay gives all of it back, nothing is booked', async () => {
    const id = await cancelledOrder();
    await untilOver(story.partner, id, 120_000);
    await gateway.simulator.confirmOrder(id);
    await story.ends(id, { ...CLOSED, executed: { pay: 1, automatic_refund: 1 } });
  });

  it('of a card payment whose hold the acquirer still thinks about voids the hold', async () => {
    const amount = String(randomInt(20_000, 40_000));
    const { request, quote } = await prepare(gateway, story.partner, 'us-to-china', { amount });
    await gateway.simulator.fault({
      network: 'acquirer',
      operation: 'authorize',
      match: { amount: quote.total_source_amount.amount },
      behaviour: 'answer_pending',
      params: { ms: THINKS_MS },
    });
    const { id } = await story.partner.create('/v1/payments', request);
    await until('the acquirer thinks about the hold', async () =>
      (await story.partner.payment(id)).history.some(({ fact }) => fact === 'source_pending'),
    );
    const answer = await story.partner.post(`/v1/payments/${id}/cancel`, {});
    expect([200, 202]).toContain(answer.status);
    // Whether the approval was heard of before it was voided: both are right, and the books follow what was heard.
    const held = await until('the wallet has its last word of the hold', async () =>
      (await auditOf(gateway, id)).find(({ action }) => /^wallet\.hold\.(processed|declined)$/.test(action)),
    );
    const booked = held.action === 'wallet.hold.processed' ? ['hold_funded', 'hold_released'] : [];
    await story.ends(id, { ...CANCELED, executed: { authorize: 1, void: 1 }, booked });
  });

  it.each(BOTH)('too late, after the payee has the money (%s), is refused and changes nothing', async (direction) => {
    const { id } = await story.pay(direction);
    await story.ends(id, completed(SOURCE_OF[direction]));
    const answer = await story.partner.post<Problem>(`/v1/payments/${id}/cancel`, {});
    expect([answer.status, answer.body.code]).toEqual([409, 'PAYMENT_NOT_CANCELABLE']);
    await story.stands(id, completed(SOURCE_OF[direction]));
  });

  it.each(BOTH)(
    'too late, while the credit is under way (%s), is refused, and the payment completes',
    async (direction) => {
      const wish = await slowCredit(direction);
      const { id } = await story.pay(direction, wish);
      await until('the credit is sent', async () => stateOf(await story.partner.payment(id)) === 'CREDITING');
      const answer = await story.partner.post<Problem>(`/v1/payments/${id}/cancel`, {});
      expect([answer.status, answer.body.code]).toEqual([409, 'PAYMENT_NOT_CANCELABLE']);
      await story.ends(id, completed(SOURCE_OF[direction]));
    },
  );

  /** The payee's network takes the credit and ends it later. */
  async function slowCredit(direction: Direction): Promise<PaymentWish> {
    const account = `${randomUUID()}@example.com`;
    const amount = String(randomInt(20_000, 40_000));
    const toChina = direction === 'us-to-china';
    await gateway.simulator.fault({
      ...(toChina
        ? { network: 'open_platform', operation: 'transfer', match: { account } }
        : { network: 'acquirer', operation: 'payout', match: { amount } }),
      behaviour: 'answer_pending',
      params: { ms: THINKS_MS },
      times: 1,
    });
    return toChina ? { alipay: account } : { amount };
  }
});
