import { randomInt, randomUUID } from 'node:crypto';
import { completed, PAID_BY, reversed, SOURCE_OF, type Source } from './support/endings';
import { Gateway, until } from './support/gateway';
import { untilAudited, untilCase } from './support/oversight';
import type { PaymentView } from './support/partner-client';
import { executed, paymentCode, prepare, stateOf, type Direction, type PaymentWish } from './support/payments';
import { Story } from './support/story';

jest.setTimeout(240_000);

describe('an outcome that is not known', () => {
  const gateway = new Gateway();
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin(gateway);
  });

  it.each<[Source, PaymentWish]>([
    ['card hold', { token: { outcome: 'hold_timeout_executed' } }],
    ['card pull', { token: { outcome: 'hold_timeout_executed' } }],
    ['Alipay collection', { alipay: paymentCode('1001') }],
  ])(
    'F06 a %s that timed out and was made is found within the policy’s age: the payment goes on and completes',
    async (source, silent) => {
      const { direction, wish, leg } = PAID_BY[source];
      const { id } = await story.pay(direction, { ...wish, ...silent });
      const audited = ['source_unknown', 'source_processed', 'credit_processed'];
      const payment = await story.ends(id, completed(source, { audited }));
      expect(payment.history.map(({ state }) => state)).toContain('AUTH_UNKNOWN');
      await untilAudited(gateway, id, `wallet.${leg}.processed`, ({ evidence }) => evidence === 'enquiry');
    },
  );

  it.each<[Direction]>([['us-to-china'], ['china-to-us']])(
    'while it is not known (%s) the partner sees processing and outcome unknown, never a guess, and no money goes back',
    async (direction) => {
      const account = `${randomUUID()}@example.com`;
      const amount = String(randomInt(60_000, 80_000));
      const rule =
        direction === 'us-to-china'
          ? { network: 'open_platform', operation: 'transfer', match: { account } }
          : { network: 'acquirer', operation: 'payout', match: { amount } };
      await gateway.simulator.fault({ ...rule, behaviour: 'unknown_for_long', params: { enquiries: 10_000 } });
      const { id } = await story.pay(direction, direction === 'us-to-china' ? { alipay: account } : { amount });
      const seen = await until('the outcome is shown as unknown', async () => {
        const payment = await story.partner.payment(id);
        return payment.outcome === 'unknown' ? payment : null;
      });
      expect([seen.status, stateOf(seen)]).toEqual(['processing', 'CREDIT_UNKNOWN']);
      expect(Number.isNaN(Date.parse(seen.next_update_at ?? ''))).toBe(false);
      await story.told(id, ['processing']);
      expect(await executed(gateway, id)).toEqual(direction === 'us-to-china' ? { authorize: 1 } : { pay: 1 });
      // From now on the network says what became of it: it was refused.
      for (const silence of await gateway.simulator.faultsAbout(`${id}-credit`))
        await gateway.simulator.forgive(silence);
      const audited = ['credit_unknown', 'credit_declined', 'release_processed'];
      await story.ends(id, reversed(SOURCE_OF[direction], { audited }));
    },
  );

  it.each([
    ['by its notification three times', 'notify_twice', { copies: 3 }],
    ['by its notification first and by the call later', 'answer_late', { ms: 1_200 }],
  ])('F10 a capture that is answered twice, %s, is captured, booked and told once', async (_how, behaviour, params) => {
    const amount = String(randomInt(20_000, 40_000));
    const { request, quote } = await prepare(gateway, story.partner, 'us-to-china', { amount });
    const match = { amount: quote.total_source_amount.amount };
    const rule = { network: 'acquirer', operation: 'capture', match, times: 1 };
    await gateway.simulator.fault({ ...rule, behaviour, params });
    const { id } = await story.partner.create<PaymentView>('/v1/payments', request);
    await story.ends(id, completed('card hold'));
    await untilAudited(gateway, id, 'wallet.capture.processed');
  });

  it.each([
    ['F10', 'that answers an error after it was made', 'capture_error_executed'],
    ['F10', 'that timed out and was made', 'capture_timeout_executed'],
    ['F11', 'that was not taken while the hold is good', 'capture_timeout_not_executed'],
  ])('%s a capture %s is found or made again: captured once', async (_id, _how, outcome) => {
    const { id } = await story.pay('us-to-china', { token: { outcome } });
    const audited = ['source_processed', 'credit_processed', 'capture_unknown', 'capture_processed'];
    await story.ends(id, completed('card hold', { audited }));
  });

  it('F11 a capture that is finally refused ends CAPTURE_LOST: the payee keeps the money, the loss is booked', async () => {
    const { id } = await story.pay('us-to-china', { token: { outcome: 'capture_declined' } });
    const lost = {
      state: 'CAPTURE_LOST',
      executed: { authorize: 1, transfer: 1 },
      booked: ['hold_funded', 'credited', 'capture_lost'],
      audited: ['source_processed', 'credit_processed', 'capture_declined'],
    };
    await story.ends(id, completed('card hold', lost));
    expect(await untilCase(gateway, id, 'capture_lost')).toMatchObject({ owner: 'settlement' });
    await untilAudited(gateway, id, 'payment.capture_declined', ({ money }) => money === 'capture_lost');
  });

  it('a void that timed out and was made is found: released once', async () => {
    const { id } = await story.pay('us-to-china', {
      alipay: 'closed@example.com',
      token: { outcome: 'void_timeout_executed' },
    });
    const audited = ['credit_declined', 'release_unknown', 'release_processed'];
    await story.ends(id, reversed('card hold', { audited }));
  });
});
