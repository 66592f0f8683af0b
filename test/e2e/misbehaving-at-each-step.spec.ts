import { randomInt } from 'node:crypto';
import { completed, SOURCE_OF } from './support/endings';
import { Gateway } from './support/gateway';
import type { PaymentView } from './support/partner-client';
import { prepare, type Direction, type Prepared } from './support/payments';
import { Story } from './support/story';

jest.setTimeout(240_000);

interface Step {
  direction: Direction;
  network: string;
  operation: string;
  /** What the network is asked for, by which it knows this payment. */
  amountOf: (quote: Prepared['quote']) => string;
}

/** Where money moves, but for Alipay's paying out, which misbehaves by the amounts of the partner documentation. */
const STEPS: Record<string, Step> = {
  'a card hold': {
    direction: 'us-to-china',
    network: 'acquirer',
    operation: 'authorize',
    amountOf: ({ total_source_amount: { amount } }) => amount,
  },
  'a payout to a card': {
    direction: 'china-to-us',
    network: 'acquirer',
    operation: 'payout',
    amountOf: ({ target_amount: { amount } }) => amount,
  },
  'a collection by Alipay': {
    direction: 'china-to-us',
    network: 'ams',
    operation: 'pay',
    amountOf: ({ total_source_amount: { amount } }) => amount,
  },
};
const DEEDS: readonly [string, object][] = [
  ['silence, executed after 1 s', { behaviour: 'execute_later', params: { ms: 1_000 } }],
  ['a notification of success, then one of failure', { behaviour: 'notify_contradiction' }],
  ['the notification before the answer', { behaviour: 'answer_late', params: { ms: 1_000 } }],
  ['eight notifications', { behaviour: 'notify_twice', params: { copies: 8 } }],
  ['a notification about somebody else’s payment', { behaviour: 'notify_other_payment' }],
  ['a notification that names another amount', { behaviour: 'notify_other_amount', params: { amount: '1' } }],
  ['HTTP 500 with the body success', { behaviour: 'http_500', params: { executed: true, body: 'success' } }],
  ['a closed connection', { behaviour: 'close_connection' }],
];
const CASES = Object.entries(STEPS).flatMap(([step, where]) =>
  DEEDS.map(([deed, rule]) => ({ step, deed, where, rule })),
);

/** Reliability R9 at every other step of a payment, through the control API. */
describe('R9 a payment at one of whose steps the network misbehaves', () => {
  const gateway = new Gateway();

  it.each(CASES)('$step: $deed: it is made once, and the partner is told once', async ({ where, rule }) => {
    const { direction, network, operation, amountOf } = where;
    const story = await Story.begin(gateway);
    const amount = String(randomInt(20_000, 60_000));
    const { request, quote } = await prepare(gateway, story.partner, direction, { amount });
    const match = { amount: amountOf(quote) };
    await gateway.simulator.fault({ network, operation, match, times: 1, ...rule });
    const { id } = await story.partner.create<PaymentView>('/v1/payments', request);
    const audited = ['source_processed', 'credit_processed'];
    await story.ends(id, completed(SOURCE_OF[direction], { audited }));
  });
});
