import { randomInt, randomUUID } from 'node:crypto';
import { Gateway } from './support/gateway';
import type { Direction, PaymentWish } from './support/payments';
import { Story, type Ending } from './support/story';

jest.setTimeout(180_000);

const COMPLETED: Record<Direction, Ending> = {
  'us-to-china': {
    status: 'completed',
    state: 'COMPLETED',
    executed: { authorize: 1, transfer: 1, capture: 1 },
    booked: ['hold_funded', 'credited', 'captured'],
    told: ['processing', 'completed'],
    audited: ['source_processed', 'credit_processed', 'capture_processed'],
  },
  'china-to-us': {
    status: 'completed',
    state: 'COMPLETED',
    executed: { pay: 1, payout: 1 },
    booked: ['collection_funded', 'credited'],
    told: ['processing', 'completed'],
    audited: ['source_processed', 'credit_processed'],
  },
};
const REVERSED: Record<Direction, Ending> = {
  'us-to-china': {
    status: 'failed',
    state: 'REVERSED',
    executed: { authorize: 1, void: 1 },
    booked: ['hold_funded', 'hold_released'],
    told: ['processing', 'failed'],
    audited: ['source_processed', 'credit_declined', 'release_processed'],
  },
  'china-to-us': {
    status: 'failed',
    state: 'REVERSED',
    executed: { pay: 1, cancel: 1 },
    booked: ['collection_funded', 'return_started', 'return_confirmed'],
    told: ['processing', 'failed'],
    audited: ['source_processed', 'credit_declined', 'release_processed'],
  },
};

describe('a credit that the payee’s network', () => {
  const gateway = new Gateway();
  let story: Story;

  beforeEach(async () => {
    story = await Story.begin(gateway);
  });

  it.each<[Direction, PaymentWish]>([
    ['us-to-china', { alipay: 'closed@example.com' }],
    ['china-to-us', { token: { outcome: 'payout_declined' } }],
  ])('F12 refuses for good, %s: the payer is whole, the fee too, the partner knows why', async (direction, wish) => {
    const { id } = await story.pay(direction, wish);
    const payment = await story.ends(id, REVERSED[direction]);
    expect(payment.failure?.code).toMatch(/^[A-Z_]+$/);
  });

  it.each<[Direction, PaymentWish]>([
    ['us-to-china', { alipay: 'timeout_executed@example.com' }],
    ['china-to-us', { token: { outcome: 'payout_timeout_executed' } }],
  ])('F13 does not answer to, %s, and then says that it was made: paid and booked once', async (direction, wish) => {
    const { id } = await story.pay(direction, wish);
    await story.ends(id, {
      ...COMPLETED[direction],
      audited: ['source_processed', 'credit_unknown', 'credit_processed'],
    });
  });

  it.each<[Direction]>([['us-to-china'], ['china-to-us']])(
    'F14 does not answer to and does not know, %s: sent again under its id and refused, the payer is whole',
    async (direction) => {
      const account = `${randomUUID()}@example.com`;
      const amount = String(randomInt(40_000, 60_000));
      const [wish, rule, code] =
        direction === 'us-to-china'
          ? [
              { alipay: account },
              { network: 'open_platform', operation: 'transfer', match: { account } },
              'PAYEE_ACC_STATUS_ERROR',
            ]
          : [{ amount }, { network: 'acquirer', operation: 'payout', match: { amount } }, '20054'];
      await gateway.simulator.fault({ ...rule, behaviour: 'timeout_without_executing', times: 1 });
      await gateway.simulator.fault({ ...rule, behaviour: 'decline', params: { code }, times: 1 });
      const { id } = await story.pay(direction, wish);
      await story.ends(id, {
        ...REVERSED[direction],
        audited: ['source_processed', 'credit_unknown', 'credit_declined', 'release_processed'],
      });
    },
  );
});
