import { randomInt, randomUUID } from 'node:crypto';
import { completed, reversed, SOURCE_OF } from './support/endings';
import { Gateway } from './support/gateway';
import { untilAudited } from './support/oversight';
import type { Direction, PaymentWish } from './support/payments';
import { Story } from './support/story';

jest.setTimeout(240_000);

describe('a credit that the payee’s network', () => {
  const gateway = new Gateway();
  let story: Story;

  beforeEach(async () => {
    story = await Story.begin(gateway);
  });

  it.each<[Direction, PaymentWish]>([
    ['us-to-china', { alipay: 'closed@example.com' }],
    ['us-to-china', { alipay: 'limit@example.com', purpose: 'person_to_person' }],
    ['china-to-us', { token: { outcome: 'payout_declined' } }],
  ])(
    'F12 refuses for good, %s, %j: the payer is whole, the fee too, the partner knows why',
    async (direction, wish) => {
      const { id } = await story.pay(direction, wish);
      const payment = await story.ends(id, reversed(wish.purpose === undefined ? SOURCE_OF[direction] : 'card pull'));
      expect(payment.failure?.code).toMatch(/^[A-Z_]+$/);
      await untilAudited(gateway, id, 'wallet.credit.declined', ({ network_code: code }) => typeof code === 'string');
    },
  );

  it.each<[Direction, PaymentWish]>([
    ['us-to-china', { alipay: 'timeout_executed@example.com' }],
    ['china-to-us', { token: { outcome: 'payout_timeout_executed' } }],
  ])('F13 does not answer to, %s, and then says that it was made: paid and booked once', async (direction, wish) => {
    const { id } = await story.pay(direction, wish);
    await story.ends(
      id,
      completed(SOURCE_OF[direction], { audited: ['source_processed', 'credit_unknown', 'credit_processed'] }),
    );
    await untilAudited(gateway, id, 'wallet.credit.processed', ({ evidence }) => evidence === 'enquiry');
  });

  /** The next credit of a payment like this is not heard of: neither executed nor answered. Answers the payment's wish. */
  async function unheard(direction: Direction, andThen?: { us: string; china: string }): Promise<PaymentWish> {
    const account = `${randomUUID()}@example.com`;
    const amount = String(randomInt(40_000, 60_000));
    const toChina = direction === 'us-to-china';
    const rule = toChina
      ? { network: 'open_platform', operation: 'transfer', match: { account } }
      : { network: 'acquirer', operation: 'payout', match: { amount } };
    await gateway.simulator.fault({ ...rule, behaviour: 'timeout_without_executing', times: 1 });
    const code = toChina ? andThen?.china : andThen?.us;
    if (code !== undefined)
      await gateway.simulator.fault({ ...rule, behaviour: 'decline', params: { code }, times: 1 });
    return toChina ? { alipay: account } : { amount };
  }

  it.each<[Direction]>([['us-to-china'], ['china-to-us']])(
    'F14 does not answer to and does not know, %s: sent again under its id and refused, the payer is whole',
    async (direction) => {
      const wish = await unheard(direction, { us: '20054', china: 'PAYEE_ACC_STATUS_ERROR' });
      const { id } = await story.pay(direction, wish);
      const audited = ['source_processed', 'credit_unknown', 'credit_declined', 'release_processed'];
      await story.ends(id, reversed(SOURCE_OF[direction], { audited }));
      await untilAudited(gateway, id, 'wallet.credit.declined', ({ attempt }) => Number(attempt) > 1);
    },
  );

  it.each<[Direction]>([['us-to-china'], ['china-to-us']])(
    'F14 does not answer to and does not know, %s: its twin, sent again under its id, is made once',
    async (direction) => {
      const { id } = await story.pay(direction, await unheard(direction));
      const audited = ['source_processed', 'credit_unknown', 'credit_processed'];
      await story.ends(id, completed(SOURCE_OF[direction], { audited }));
      await untilAudited(gateway, id, 'wallet.credit.processed', ({ attempt }) => Number(attempt) > 1);
    },
  );
});
